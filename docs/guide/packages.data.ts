import { readdirSync, readFileSync } from 'node:fs'

/** Name and description of every published package, for the page beside this file. */
export interface PublishedPackage {
  readonly name: string
  readonly description: string
}

declare const data: readonly PublishedPackage[]
export { data }

const packages = new URL('../../packages/', import.meta.url)

// Without `watch`: for a pattern outside this folder VitePress goes through all that is installed, and each link in it.
export default {
  load(): readonly PublishedPackage[] {
    return readdirSync(packages, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8')))
      .filter((manifest) => manifest.private !== true)
      .map(({ name, description }) => ({ name, description }))
  },
}
