import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ProjectChoice } from './project-files.ts'

const base = [
  '@gatewright/authorization-server',
  '@gatewright/core',
  '@gatewright/mcp',
  '@gatewright/resource-server',
  '@modelcontextprotocol/server',
  'zod',
]
const byFramework = {
  express: ['@gatewright/express', 'express'],
  fastify: ['@gatewright/fastify', 'fastify'],
  hono: ['@gatewright/hono', '@hono/node-server', 'hono'],
  node: ['@gatewright/node'],
} as const
const byStorage = {
  memory: ['@gatewright/storage'],
  sqlite: ['@gatewright/storage-sqlite', 'libsql'],
} as const

/** The `package.json` of a project. It depends on the versions that this package was tested with. */
export function manifestOf({ name, framework, storage }: ProjectChoice): string {
  const { version, devDependencies } = ownManifest()
  const versions: Readonly<Record<string, string>> = { ...devDependencies, '@gatewright/cli': `^${version}` }
  const named = (names: readonly string[]) =>
    Object.fromEntries(
      names.toSorted().map((dependency) => {
        const found = versions[dependency]
        if (found === undefined) throw new Error(`no version of ${dependency} is known`)
        return [dependency, found]
      }),
    )
  const types = framework === 'express' ? ['@types/express'] : []
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: { build: 'tsc', start: 'tsc && node --env-file=.env dist/main.js' },
    dependencies: named([...base, ...byFramework[framework], ...byStorage[storage]]),
    devDependencies: named(['@gatewright/cli', '@types/node', 'typescript', ...types]),
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

function ownManifest(): {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
} {
  const file = createRequire(import.meta.url).resolve('@gatewright/cli/package.json')
  return JSON.parse(readFileSync(file, 'utf8'))
}
