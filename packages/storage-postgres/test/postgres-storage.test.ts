import { PGlite } from '@electric-sql/pglite'
import { describeStorage } from '@gatewright/storage/testing'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'
import type { Database } from './support/open-database.ts'

describe('in this process', () => {
  let database: PGlite
  beforeAll(async () => {
    database = new PGlite()
    await migrate(database)
  })
  afterAll(() => database.close())

  describeStorage('PostgreSQL (PGlite)', () => ({ storage: createPostgresStorage({ client: database }) }))
})

const database = await openDatabase()

describe.each(['pg', 'postgres'] as const)('a server, through %s', (driver) => {
  if ('missing' in database) {
    it('passes the contract', (context) => context.skip(database.missing))
    return
  }
  const table = `contract_${driver}`
  const name = (options: string) => `PostgreSQL (${driver}${options})`
  beforeAll(async () => {
    const client = database.connect(driver, 1)
    await migrate(client.client, { table })
    await client.close()
  })

  const open = (database: Database, connections: number, preparedStatements: boolean) => () => {
    const { client, close } = database.connect(driver, connections)
    return { storage: createPostgresStorage({ client, table, preparedStatements, timeout: 60 }), close }
  }
  describeStorage(name(''), open(database, 10, true))
  describeStorage(name(', one connection, nothing prepared'), open(database, 1, false))
})
