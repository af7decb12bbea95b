import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Every package and example with its manifest; `path` is relative to the root. */
export const workspace = ['packages', 'examples']
  .filter((parent) => existsSync(join(root, parent)))
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .filter((path) => existsSync(join(root, path, 'package.json')))
  .map((path) => ({ path, manifest: JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) }))

/** The packages that are published. */
export const published = workspace.filter(({ manifest }) => manifest.private !== true)

/** Every file named in a value of `exports` or `imports`. */
export function targets(value) {
  return typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(targets)
}
