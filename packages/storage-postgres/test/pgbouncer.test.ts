// What the documentation promises about PgBouncer.
import { describeStorage } from '@gatewright/storage/testing'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTo, openDatabase } from './support/open-database.ts'
import { noPgBouncer, startPgBouncer } from './support/start-pgbouncer.ts'

const database = noPgBouncer === undefined ? await openDatabase({}) : { missing: noPgBouncer }

describe.each([
  ['session', 'pg', true],
  ['session', 'postgres', true],
  ['transaction', 'pg', false],
  ['transaction', 'postgres', false],
  ['statement', 'pg', false],
  ['statement', 'postgres', false],
] as const)('PgBouncer in %s mode, through %s', (mode, driver, preparedStatements) => {
  if ('missing' in database) {
    it('passes the contract', (context) => context.skip(database.missing))
    return
  }
  const table = `pgbouncer_${mode}_${driver}`
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>
  beforeAll(async () => {
    bouncer = await startPgBouncer(database.url, mode)
    // Through the pool as well, since many have no other way to their database.
    const { client, close } = connectTo(bouncer.url)(driver, 1)
    await migrate(client, { table })
    await close()
  })
  afterAll(() => bouncer.stop())
  const open = () => {
    const { client, close } = connectTo(bouncer.url)(driver, 10)
    return { storage: createPostgresStorage({ client, table, preparedStatements, timeout: 60 }), close }
  }

  // Where transactions are pooled, every statement may meet another session; where statements are, there is no transaction either.
  if (mode !== 'session') describeStorage(`PostgreSQL behind PgBouncer (${mode}, ${driver})`, open)

  it('is one winner for many clients on its few connections', async () => {
    const { storage, close } = open()
    const key = { partition: 'p', collection: 'things', id: 'code' }
    const insert = { type: 'insert', key, value: 1, expiresAt: null } as const
    const other = { ...insert, key: { ...key, id: 'token' } }
    const won = await Promise.all(Array.from({ length: 100 }, () => storage.commit([insert, other], 0)))
    expect(won.filter(Boolean)).toHaveLength(1)
    await close()
  })
})
