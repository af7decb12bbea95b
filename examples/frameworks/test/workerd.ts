import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { D1Database } from '@gatewright/storage-sqlite/d1'
import { build } from 'esbuild'

const entry = fileURLToPath(
  new URL('../../../node_modules/.cache/workerd/node_modules/miniflare/dist/src/index.js', import.meta.url),
)

interface Miniflare {
  readonly ready: Promise<URL>
  getD1Database(binding: string): Promise<D1Database>
  dispose(): Promise<void>
}

/** Why nothing can run in workerd, or `undefined` when it is there. */
export const noWorkerd = existsSync(entry)
  ? undefined
  : 'workerd is not installed: node .ci/workerd.mjs installs it'

/** Runs a Worker of this folder in the real runtime, with a D1 database as `DB`. */
export async function startWorker(file: string, bindings: Readonly<Record<string, string>>) {
  const { Miniflare } = (await import(/* @vite-ignore */ entry)) as {
    Miniflare: new (options: object) => Miniflare
  }
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@gatewright/source', 'workerd', 'worker', 'browser'],
    write: false,
  })
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    modules: true,
    script: outputFiles[0]?.text,
    compatibilityDate: '2026-04-01',
    d1Databases: { DB: 'auth' },
    bindings,
  })
  return {
    origin: (await miniflare.ready).origin,
    database: await miniflare.getD1Database('DB'),
    stop: () => miniflare.dispose(),
  }
}
