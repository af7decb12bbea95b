/** What a package may import: `values` for everything, `types` for types only. */
export interface ImportRule {
  readonly workspace?: Readonly<Record<string, 'values' | 'types'>>
  /** Package names outside the workspace. */
  readonly thirdParty?: readonly string[]
}

const adapter = { node: 'values', core: 'types' } as const

/** The arrows of docs/architecture.md as data, by folder name. A package without a row is refused. */
export const importTable: Readonly<Record<string, ImportRule>> = {
  core: {},
  pkce: {},
  'redirect-uri': {},
  storage: { thirdParty: ['vitest'] },
  'storage-sqlite': { workspace: { storage: 'values' } },
  'storage-postgres': { workspace: { storage: 'values' } },
  'storage-redis': { workspace: { storage: 'values' } },
  policy: { workspace: { core: 'values' } },
  dpop: { workspace: { core: 'values' }, thirdParty: ['jose'] },
  'authorization-server': {
    workspace: {
      core: 'values',
      pkce: 'values',
      'redirect-uri': 'values',
      storage: 'values',
      dpop: 'values',
    },
    thirdParty: ['jose'],
  },
  'resource-server': {
    workspace: { core: 'values', dpop: 'values' },
    thirdParty: ['jose', 'oauth4webapi'],
  },
  provider: {
    workspace: { core: 'values', pkce: 'values', storage: 'values' },
    thirdParty: ['oauth4webapi', 'jose'],
  },
  'token-exchange': { workspace: { core: 'values' }, thirdParty: ['oauth4webapi'] },
  mcp: {
    workspace: { core: 'values', 'resource-server': 'values' },
    thirdParty: ['@modelcontextprotocol/sdk', '@modelcontextprotocol/server'],
  },
  'mcp-bridge': {
    workspace: { core: 'values', mcp: 'values', 'token-exchange': 'values' },
    thirdParty: ['@cfworker/json-schema', 'yaml'],
  },
  'mcp-proxy': {
    workspace: { core: 'values', mcp: 'values', 'token-exchange': 'values' },
    thirdParty: ['@modelcontextprotocol/client', '@cfworker/json-schema'],
  },
  testkit: { workspace: { core: 'values', storage: 'values' }, thirdParty: ['jose', 'vitest'] },
  cli: { workspace: { testkit: 'values' }, thirdParty: ['@modelcontextprotocol/client'] },
  node: { workspace: { core: 'types' }, thirdParty: ['@hono/node-server'] },
  express: { workspace: adapter, thirdParty: ['express'] },
  fastify: { workspace: adapter, thirdParty: ['fastify'] },
  hono: { workspace: adapter, thirdParty: ['hono'] },
}

/** The bindings of a handler to a framework. */
export const adapters: readonly string[] = ['express', 'fastify', 'hono']

/** Where ambient names may appear besides the core's runtime file, because reaching the outside is the package's purpose. */
export const ambientPackages: readonly string[] = [
  ...adapters,
  'node',
  'cli',
  'storage-sqlite',
  'storage-postgres',
  'storage-redis',
]

/** The files that may import a module which no literal names, and whose choice that is. */
export const moduleLoaders: readonly { readonly path: string; readonly reason: string }[] = [
  {
    path: 'packages/cli/src/administration/with-server.ts',
    reason: 'loads the configuration of whoever calls the command, by the name that they give',
  },
]

/** Parts of other packages of which the same is true. */
export const ambientFolders: readonly string[] = ['packages/testkit/src/adapter/']

/** An ambient name that one file may use, and why an argument would not do. */
export interface AmbientException {
  readonly path: string
  readonly name: string
  readonly reason: string
}

/** The files that may use one ambient name. An exception that is no longer used is refused. */
export const ambientExceptions: readonly AmbientException[] = [
  ...['Date.now', 'fetch', 'globalThis'].map((name) => ({
    path: 'packages/core/src/runtime.ts',
    name,
    reason: 'makes the runtime that all others take as an argument',
  })),
  {
    path: 'packages/core/src/guarded-fetch.ts',
    name: 'setTimeout',
    reason: 'bounds a request in real time, and is cleared when it ends; no decision depends on it',
  },
  {
    path: 'packages/mcp-bridge/src/file.ts',
    name: 'node:fs/promises',
    reason: 'reads the document that the operator names; a subpath of its own, which nothing else imports',
  },
  {
    path: 'packages/mcp-proxy/src/connection/wait.ts',
    name: 'setTimeout',
    reason: 'waits between attempts to reach an upstream, and is cleared when the proxy is closed',
  },
  {
    path: 'packages/resource-server/src/fetch-json.ts',
    name: 'setTimeout',
    reason: 'bounds a request in real time, and is cleared when it ends; no decision depends on it',
  },
  {
    path: 'packages/storage/src/memory-storage.ts',
    name: 'setTimeout',
    reason: 'lets other work run between the steps of a sweep; no decision depends on it',
  },
  {
    path: 'packages/storage/src/testing/sweeping-tests.ts',
    name: 'setTimeout',
    reason: 'gives a timer that was set for too long the time to fire at once',
  },
]
