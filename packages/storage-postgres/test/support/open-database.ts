import type { PostgresClient } from '@gatewright/storage-postgres'
import pg from 'pg'
import postgres from 'postgres'
import { afterAll } from 'vitest'
import { findPostgres, startPostgres } from './start-postgres.ts'
import type { PostgresServer } from './start-postgres.ts'

/** The drivers that talk to a server. */
export type Driver = 'pg' | 'postgres'

/** A connection pool of one of the drivers. */
export interface Connected {
  readonly client: PostgresClient
  readonly close: () => Promise<void>
}

/** A database for one test file. */
export interface Database {
  readonly url: string
  /** The server behind it when it is the tests' own, so that they may stop it. */
  readonly server?: PostgresServer
  connect(driver: Driver, connections: number): Connected
}

/** Why there is no database. */
export interface NoDatabase {
  readonly missing: string
}

/**
 * Opens an empty database for the test file that calls it: a new one on the server that GATEWRIGHT_POSTGRES_URL
 * names, or a server of its own where PostgreSQL is installed. It goes with the file.
 */
export async function openDatabase(settings?: Record<string, string>): Promise<Database | NoDatabase> {
  const url = process.env['GATEWRIGHT_POSTGRES_URL']
  // Settings need a server of one's own.
  if (url !== undefined && url !== '' && settings === undefined) return openOnServer(url)
  const bin = findPostgres()
  if (bin === undefined)
    return { missing: 'PostgreSQL is not installed, and GATEWRIGHT_POSTGRES_URL is not set' }
  const server = await startPostgres(bin, settings)
  afterAll(() => server.remove())
  return { url: server.url, server, connect: connectTo(server.url) }
}

async function openOnServer(url: string): Promise<Database> {
  const name = `gatewright_test_${process.pid}_${Math.floor(performance.now())}`
  const execute = async (sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await execute(`create database ${name} template template0 encoding 'UTF8'`)
  afterAll(() => execute(`drop database ${name} with (force)`))
  const own = new URL(url)
  own.pathname = name
  return { url: own.href, connect: connectTo(own.href) }
}

/** Connects to a server, or to what stands before it. */
export function connectTo(url: string): Database['connect'] {
  return (driver, connections) => {
    if (driver === 'postgres') {
      const client = postgres(url, { max: connections, onnotice: () => undefined, backoff: () => 0.05 })
      return { client, close: () => client.end({ timeout: 1 }) }
    }
    const client = new pg.Pool({ connectionString: url, max: connections })
    client.on('error', () => undefined)
    return { client, close: () => client.end() }
  }
}
