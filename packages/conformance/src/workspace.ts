import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = realpathSync(fileURLToPath(new URL('../../../', import.meta.url)))

/** The target of an entry in `exports` or `imports`, with its conditions. */
export type ExportTarget = string | { readonly [condition: string]: ExportTarget }

/** The fields of a `package.json` that rules speak of. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly description?: string
  readonly exports?: Readonly<Record<string, ExportTarget>>
  readonly imports?: Readonly<Record<string, ExportTarget>>
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, ExportTarget>> }
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package or example of the workspace. */
export interface WorkspacePackage {
  /** Folder name, which for a published package is also its name without the scope. */
  readonly folder: string
  /** Path relative to the root. */
  readonly path: string
  readonly manifest: Manifest
  /** Paths of the files below `src`, relative to the root. */
  readonly sources: readonly string[]
}

/** Reads the packages below `packages` or `examples`. */
export function readPackages(parent: 'packages' | 'examples'): WorkspacePackage[] {
  const folders = existsSync(join(root, parent)) ? readdirSync(join(root, parent)) : []
  return folders
    .filter((folder) => existsSync(join(root, parent, folder, 'package.json')))
    .map((folder) => {
      const path = `${parent}/${folder}`
      return {
        folder,
        path,
        manifest: JSON.parse(readText(`${path}/package.json`)),
        sources: listFiles(`${path}/src`),
      }
    })
}

/** The packages that are published. */
export function readPublicPackages(): WorkspacePackage[] {
  return readPackages('packages').filter(({ manifest }) => manifest.private !== true)
}

/** Reads a file by its path relative to the root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Folders of which nothing was written here. */
const foreign = new Set(['node_modules', '.git'])

/**
 * Lists the files below a folder, by paths relative to the root; none when the folder does not exist.
 *
 * Leaves out what is installed and what a symbolic link leads to. `readdirSync` with `recursive` goes through links on Node.js 22
 * and newer, and the links between packages lead in circles.
 */
export function listFiles(path: string): string[] {
  if (!existsSync(join(root, path))) return []
  return readdirSync(join(root, path), { withFileTypes: true })
    .flatMap((entry) => {
      const below = posix.join(path, entry.name)
      if (entry.isDirectory()) return foreign.has(entry.name) ? [] : listFiles(below)
      return entry.isFile() ? [below] : []
    })
    .toSorted()
}
