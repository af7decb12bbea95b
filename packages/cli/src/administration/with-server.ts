import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../usage-error.ts'
import type { AdministeredServer } from './administered-server.ts'

const names = ['gatewright.config.js', 'gatewright.config.mjs', 'gatewright.config.ts']

const example = `
  // gatewright.config.js
  export { server } from './dist/authorization.js'   // what createAuthorizationServer returned
  export const close = () => pool.end()              // optional: what has to be closed`

/**
 * Does something with the server that a configuration file exports as `server`, and closes what it opened.
 *
 * The file is a module of the integrator's: it opens their storage, with their settings.
 *
 * @throws {UsageError} when there is no such file, or it exports no authorization server
 * @throws {Error} when loading it fails
 */
export async function withServer<T>(
  path: string | undefined,
  work: (server: AdministeredServer) => Promise<T>,
): Promise<T> {
  const file = path === undefined ? names.map((name) => resolve(name)).find(existsSync) : resolve(path)
  if (file === undefined)
    throw new UsageError(
      `there is no ${names[0]} here; write one that exports your server, or name it with --config:\n${example}`,
    )
  if (!existsSync(file)) throw new UsageError(`there is no ${file}`)
  const loaded = (await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new Error(`${file} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  })) as { server?: unknown; close?: unknown }
  const server: unknown = await loaded.server
  try {
    if (!isServer(server))
      throw new UsageError(
        `${file} must export \`server\`, which is what createAuthorizationServer returned:\n${example}`,
      )
    return await work(server)
  } finally {
    if (typeof loaded.close === 'function') await (loaded.close as () => unknown)()
  }
}

function isServer(value: unknown): value is AdministeredServer {
  const parts = ['keys', 'clients', 'grants'] as const
  if (typeof value !== 'object' || value === null) return false
  return parts.every((part) => typeof (value as Partial<Record<string, unknown>>)[part] === 'object')
}
