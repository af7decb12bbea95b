import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { manifestOf } from './manifest.ts'

/** What a project can be mounted on. */
export const frameworks = ['express', 'fastify', 'hono', 'node'] as const

/** Where a project can keep its records. */
export const storages = ['memory', 'sqlite'] as const

/** Which project to write. */
export interface ProjectChoice {
  /** Its name, as a package may have it. */
  readonly name: string
  readonly framework: (typeof frameworks)[number]
  readonly storage: (typeof storages)[number]
}

/** A file to write. */
export interface ProjectFile {
  /** Relative to the project. */
  readonly path: string
  readonly text: string
  /** Whether only its owner may read it. */
  readonly secret?: boolean
}

// From `src/init` and from `dist` alike: the templates lie beside both.
const home = [new URL('../templates/', import.meta.url), new URL('../../templates/', import.meta.url)]

/** The files of a project, from the templates and with secrets of its own. */
export function projectFiles(choice: ProjectChoice): ProjectFile[] {
  const { name, framework, storage } = choice
  const root = templates()
  const copied = ['project', framework, storage].flatMap((part) => {
    const folder = join(root, part)
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({
        // A packed `.gitignore` would be taken for one of the package.
        path: relative(folder, file).replace(/^gitignore$/, '.gitignore'),
        text: readFileSync(file, 'utf8').replaceAll('{{name}}', name),
      }))
  })
  const env = {
    KEY_SECRET: randomBytes(32).toString('base64url'),
    DEMO_PASSWORD: randomBytes(9).toString('base64url'),
  }
  const lines = Object.entries(env).map(([key, value]) => `${key}=${value}\n`)
  return [
    { path: 'package.json', text: manifestOf(choice) },
    ...copied,
    { path: '.env', text: lines.join(''), secret: true },
  ]
}

function templates(): string {
  const found = home.map((url) => fileURLToPath(url)).find((path) => exists(path))
  if (found === undefined) throw new Error('the templates are missing: install @gatewright/cli anew')
  return found
}

function exists(path: string): boolean {
  try {
    return readdirSync(path).includes('project')
  } catch {
    return false
  }
}
