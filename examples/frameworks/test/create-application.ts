import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = new URL('../../../', import.meta.url)
const installed = new URL('node_modules/.cache/frameworks/node_modules/', root)
const own = new URL('../node_modules/', import.meta.url)
/** What the snippets import, each by itself: Turbopack follows no link in the place of a scope. */
const packages = [
  ...readdirSync(new URL('@gatewright/', own)).map((name) => `@gatewright/${name}`),
  '@modelcontextprotocol/server',
  'zod',
]

export interface Application {
  readonly folder: URL
  remove(): void
}

interface Options {
  /** What else such an application has, by its path. */
  readonly files: Readonly<Record<string, string>>
  /** Packages of `.ci/frameworks.mjs`. */
  readonly packages: readonly string[]
}

/** Makes an application of a framework from its snippet. The packages of the workspace must have been built. */
export function createApplication(name: string, options: Options): Application {
  // Not below a `node_modules`, where builds do not expect TypeScript.
  const parent = new URL(`.ci/reports/applications/${name}/`, root)
  const remove = () => rmSync(parent, { recursive: true, force: true })
  remove()
  cpSync(new URL('snippets/', import.meta.url), parent, { recursive: true })
  const modules = new URL('node_modules/', parent)
  for (const each of packages) link(each, own, modules)
  for (const each of options.packages) link(each, installed, modules)
  const folder = new URL(`${name}/`, parent)
  for (const [path, content] of Object.entries(options.files)) {
    const file = new URL(path, folder)
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, content)
  }
  return { folder, remove }
}

function link(name: string, from: URL, to: URL): void {
  const target = fileURLToPath(new URL(name, from))
  if (!existsSync(target)) throw new Error(`${name} is not installed: node .ci/frameworks.mjs installs it`)
  const path = new URL(name, to)
  mkdirSync(new URL('.', path), { recursive: true })
  symlinkSync(target, path)
}

/** The repository, in which everything that a build follows by links is. */
export const repository = resolve(fileURLToPath(root))
