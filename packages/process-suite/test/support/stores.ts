import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'
import { findPostgres, startPostgres } from '../../../storage-postgres/test/support/start-postgres.ts'
import { noRedis, startRedis } from '../../../storage-redis/test/support/start-redis.ts'

/** A database of the tests' own. */
export interface Store {
  /** What the target takes as `STORAGE`. */
  readonly url: string
  /** Makes it unavailable until what it returned is called. */
  interrupt(): Promise<() => Promise<void>>
  /** Lets every call hang until what it returned is called, where it is a server; SQLite answers or refuses by itself. */
  hang?(): Promise<() => Promise<unknown>>
  remove(): Promise<void>
}

/** A kind of database. */
export interface StoreKind {
  readonly name: string
  /** Why there is none on this machine. */
  readonly missing: string | undefined
  start(): Promise<Store>
}

const sqlite: StoreKind = {
  name: 'SQLite in a file',
  missing: undefined,
  async start() {
    const directory = mkdtempSync(join(tmpdir(), 'gatewright-processes-'))
    const path = join(directory, 'shared.db')
    return {
      url: `sqlite:${path}`,
      // There is no server that could go away. What can happen is that somebody holds the lock.
      async interrupt() {
        const database = new Database(path)
        // The servers under load hold the lock now and then.
        database.exec('pragma busy_timeout = 10000')
        database.exec('begin exclusive')
        return async () => {
          database.exec('commit')
          database.close()
        }
      },
      remove: async () => rmSync(directory, { recursive: true, force: true }),
    }
  },
}

const bin = findPostgres()

const postgres: StoreKind = {
  name: 'PostgreSQL',
  missing: bin === undefined ? 'PostgreSQL is not installed' : undefined,
  async start() {
    const server = await startPostgres(bin ?? '', { max_connections: '60' })
    return {
      url: server.url,
      async interrupt() {
        await server.stop('immediate')
        return () => server.start()
      },
      async hang() {
        const client = new pg.Client({ connectionString: server.url })
        await client.connect()
        await client.query('begin; lock table gatewright_records in access exclusive mode')
        return () => client.end()
      },
      remove: () => server.remove(),
    }
  },
}

const redis: StoreKind = {
  name: 'Redis',
  missing: noRedis,
  async start() {
    // With every write on disk before it is acknowledged, so that nothing may be lost.
    const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always'])
    return {
      url: `redis://127.0.0.1:${server.port}`,
      async interrupt() {
        await server.kill()
        return () => server.restart()
      },
      async hang() {
        server.suspend()
        return async () => server.resume()
      },
      remove: () => server.stop(),
    }
  },
}

/** The databases that several processes can share. */
export const stores = { sqlite, postgres, redis }
