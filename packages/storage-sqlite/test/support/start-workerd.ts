import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { D1Database, D1Result, D1Statement } from '@gatewright/storage-sqlite/d1'
import { build } from 'esbuild'
import type { D1Call, D1Reply } from './d1-worker.ts'

const entry = fileURLToPath(
  new URL(
    '../../../../node_modules/.cache/workerd/node_modules/miniflare/dist/src/index.js',
    import.meta.url,
  ),
)

/** Why tests on D1 are skipped, or `undefined` when there is one. */
export const noWorkerd = existsSync(entry)
  ? undefined
  : 'workerd is not installed: node .ci/workerd.mjs installs it'

interface Miniflare {
  readonly ready: Promise<URL>
  dispose(): Promise<void>
}

/** Two Workers over one D1 database, in the real runtime. */
export interface Workerd {
  /** Lets one of the Workers do something. */
  call(worker: 'one' | 'two', call: D1Call): Promise<D1Reply>
  /** The database, as the first Worker has it. */
  readonly database: D1Database
  stop(): Promise<void>
}

/** Starts the runtime with two isolates that run this package's sources and share an empty database. */
export async function startWorkerd(): Promise<Workerd> {
  const { Miniflare } = (await import(/* @vite-ignore */ entry)) as {
    Miniflare: new (options: object) => Miniflare
  }
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('d1-worker.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@gatewright/source', 'workerd'],
    write: false,
  })
  const worker = {
    modules: true,
    script: outputFiles[0]?.text,
    compatibilityDate: '2026-04-01',
    d1Databases: { DB: 'shared' },
  }
  const names = ['one', 'two'] as const
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    workers: names.map((name) => ({ ...worker, name, routes: [`http://${name}.test/*`] })),
  })
  const origin = await miniflare.ready

  async function call(name: 'one' | 'two', what: D1Call): Promise<D1Reply> {
    const response = await fetch(origin, {
      method: 'POST',
      headers: { 'mf-original-url': `http://${name}.test/` },
      body: JSON.stringify(what),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return JSON.parse(text) as D1Reply
  }

  return { call, database: forwardTo((what) => call('one', what)), stop: () => miniflare.dispose() }
}

/** A database whose batches are run by the binding of a Worker. */
function forwardTo(call: (what: D1Call) => Promise<D1Reply>): D1Database {
  const bound = new WeakMap<D1Statement, { sql: string; values: unknown[] }>()
  const statement = (sql: string, values: unknown[]): D1Statement => {
    const made: D1Statement = { bind: (...more) => statement(sql, more) }
    bound.set(made, { sql, values })
    return made
  }
  return {
    prepare: (sql) => statement(sql, []),
    async batch(statements) {
      const batch = statements.map((made) => bound.get(made) ?? { sql: '', values: [] })
      const reply = await call({ name: 'batch', batch })
      if (reply.error !== undefined) throw new Error(reply.error)
      return reply.result as D1Result[]
    },
  }
}
