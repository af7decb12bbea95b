import { PGlite } from '@electric-sql/pglite'
import type { Key, Operation } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import type { PostgresClient, PostgresJsClient, PostgresPool } from '@gatewright/storage-postgres'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSendStatement } from '../src/send-statement.ts'
import { writeStatements } from '../src/statements.ts'
import { openDatabase } from './support/open-database.ts'
import type { Driver } from './support/open-database.ts'

const now = 1_900_000_000_000
const at = (id: string): Key => ({ partition: 'p', collection: 'things', id })
const insert = (id: string): Operation => ({ type: 'insert', key: at(id), value: id, expiresAt: now + 5 })

/** Passes everything on to a client and counts what is sent. */
function counted(client: PostgresClient) {
  const sent: unknown[] = []
  if ('unsafe' in client) {
    const unsafe: PostgresJsClient['unsafe'] = (text, values, options) => {
      sent.push(options)
      return client.unsafe(text, values, options)
    }
    return { client: { unsafe }, sent }
  }
  if ('connect' in client) {
    const pool: PostgresPool = {
      connect: () => undefined,
      query(statement) {
        sent.push(statement)
        return client.query(statement)
      },
    }
    return { client: pool, sent }
  }
  const query = (text: string, values?: unknown[]) => {
    sent.push(text)
    return client.query(text, values)
  }
  return { client: { query }, sent }
}

function roundTrips(open: () => PostgresClient): void {
  it('a read of any number of keys is one round trip, and none at all without keys', async () => {
    const { client, sent } = counted(open())
    const storage = createPostgresStorage({ client })
    for (const count of [1, 2, 3, 16, 17, 500]) {
      sent.length = 0
      await storage.get(
        Array.from({ length: count }, (_, index) => at(`k${index}`)),
        now,
      )
      expect([count, sent.length]).toEqual([count, 1])
    }
    sent.length = 0
    await storage.get([], now)
    expect(sent).toEqual([])
  })

  it('a commit is one round trip, whatever is in it and however it ends', async () => {
    const { client, sent } = counted(open())
    const storage = createPostgresStorage({ client })
    await storage.commit([insert('a'), insert('b'), insert('c')], now)
    const [a, b, c] = await storage.get([at('a'), at('b'), at('c')], now)
    if (a === undefined || b === undefined || c === undefined) throw new Error('no records')
    const replace = (stored: typeof a): Operation => ({
      type: 'replace', key: stored.key, revision: stored.revision, value: 'new', expiresAt: null,
    }) // prettier-ignore
    const commits: [expected: boolean, operations: [Operation, ...Operation[]]][] = [
      [true, [insert('d')]],
      [false, [insert('d')]],
      [true, [replace(a)]],
      [false, [replace(a)]],
      [true, [{ type: 'check', key: b.key, revision: b.revision }]],
      [true, [replace(b), insert('e')]],
      [false, [replace(b), insert('f')]],
      [false, [replace(c), insert('e')]],
      [false, [replace(c), insert('f'), insert('e')]],
      [true, [{ type: 'check', key: c.key, revision: c.revision }, insert('g'), { type: 'delete', key: at('d') }]],
      [false, [replace(c), replace(b), { type: 'delete', key: at('g') }]],
      [true, [{ type: 'delete', key: c.key, revision: c.revision }]],
      [true, [{ type: 'delete', key: c.key }]],
      [true, ['a', 'b', 'e', 'g'].map((id): Operation => ({ type: 'delete', key: at(id) })) as [Operation]],
    ] // prettier-ignore
    for (const [index, [expected, operations]] of commits.entries()) {
      sent.length = 0
      expect([index, await storage.commit(operations, now), sent.length]).toEqual([index, expected, 1])
    }
    sent.length = 0
    await storage.list('p', 'things', { limit: 10, now })
    expect(sent).toHaveLength(1)
  })

  it('a refused argument is no round trip', async () => {
    const { client, sent } = counted(open())
    const storage = createPostgresStorage({ client })
    await expect(storage.get([at('')], now)).rejects.toThrow(TypeError)
    await expect(storage.commit([insert('\0')], now)).rejects.toThrow(TypeError)
    await expect(storage.sweep({ now, limit: 0 })).rejects.toThrow(TypeError)
    expect(sent).toEqual([])
  })
}

let database: PGlite
beforeAll(async () => {
  database = new PGlite()
  await migrate(database)
})
afterAll(() => database.close())

describe('round trips to PGlite', () => {
  roundTrips(() => database)
})

const server = await openDatabase()

describe.each(['pg', 'postgres'] as const)('round trips through %s', (driver: Driver) => {
  if ('missing' in server) {
    it('are one per call', (context) => context.skip(server.missing))
    return
  }
  const { client, close } = server.connect(driver, 1)
  beforeAll(() => migrate(client))
  afterAll(close)
  roundTrips(() => client)

  it('CC-15 a pool of one connection serves any number of calls at once', async () => {
    const storage = createPostgresStorage({ client, timeout: 60 })
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const ids = [`${driver}-one${index}`, `${driver}-other${index}`]
        const done = await storage.commit(ids.map(insert) as [Operation], now)
        return [done, (await storage.get(ids.map(at), now)).length, await storage.sweep({ now: 0, limit: 1 })]
      }),
    )
    expect(results).toEqual(results.map(() => [true, 2, 0]))
  })

  it('says whether a statement is kept prepared', async () => {
    const { client: asked, sent } = counted(client)
    for (const preparedStatements of [true, false])
      await createPostgresStorage({ client: asked, preparedStatements }).get([at('a')], now)
    expect(sent).toEqual(
      driver === 'postgres'
        ? [{ prepare: true }, { prepare: false }]
        : [expect.objectContaining({ name: expect.any(String) as string, query_timeout: 5000 }), expect.not.objectContaining({ name: expect.anything() as string })],
    ) // prettier-ignore
  })
})

describe('prepared statements', () => {
  it('have names that PostgreSQL does not cut, one for each text', () => {
    const names = ['gatewright_records', 'auth.records', 'x'.repeat(48)].flatMap((table) => {
      const statements = writeStatements(table)
      const few = Array.from({ length: 15 }, (_, index) => statements.readFew(index + 2))
      const fixed = Object.values(statements).filter((statement) => typeof statement === 'object')
      return [...fixed, ...few].map(({ name }) => name)
    })
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^gatewright_[a-z]+_[a-z0-9]{8,14}$/)
  })

  it('are kept by the connection, once each, and made without a look at their parameters', async (context) => {
    if ('missing' in server) {
      context.skip(server.missing)
      return
    }
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const storage = createPostgresStorage({ client })
    for (let round = 0; round < 12; round++) {
      await storage.get([at('a')], now)
      await storage.get([at('a'), at('b'), at('c')], now)
      await storage.commit([insert(`r${round}`)], now)
      await storage.commit([insert(`s${round}`), { type: 'delete', key: at(`r${round}`) }], now)
    }
    const { rows } = await client.query<{ custom: number; generic: number }>(
      `select custom_plans::int as custom, generic_plans::int as generic from pg_prepared_statements
      where name like 'gatewright%'`,
    )
    expect(rows).toHaveLength(4)
    for (const { custom } of rows) expect(custom).toBeLessThanOrEqual(5)
    await client.end()
  })
})

describe('plans', () => {
  const statements = writeStatements('planned')
  beforeAll(async () => {
    await migrate(database, { table: 'planned' })
    await database.exec(`insert into planned
      select 'p' || n, 'grants', 'i' || n, repeat('x', 300), 'r', n, n from generate_series(1, 20000) as n;
      analyze planned; set plan_cache_mode = force_generic_plan`)
  })
  afterAll(() => database.exec('reset plan_cache_mode'))
  let prepared = 0
  beforeEach(() => {
    prepared++
  })
  const planOf = async (text: string, ...parameters: string[]) => {
    await database.exec(`prepare plan${prepared} as ${text}`)
    const { rows } = await database.query<{ 'QUERY PLAN': string }>(
      `explain execute plan${prepared} (${parameters.join(', ')})`,
    )
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  const key = ["'p5'", "'grants'", "'i5'"]

  it.each([
    ['read', statements.read, [...key, '0']],
    ['read a few', statements.readFew(2), [...key, ...key, '0']],
    ['read many', statements.readMany, ["'{p5}'", "'{grants}'", "'{i5}'", '0']],
    ['insert', statements.insert, [...key, "'1'", "'r'", '1', '1', '0']],
    ['replace', statements.replace, [...key, "'1'", "'r'", '1', '1', '0', "'r'"]],
    ['check', statements.check, [...key, '0', "'r'"]],
    ['delete', statements.remove, key],
    ['delete unchanged', statements.removeUnchanged, [...key, '0', "'r'"]],
    ['list', statements.list, ["'p5'", "'grants'", "''", '0', '10']],
    ['sweep', statements.sweep, ['5', '10']],
  ] as const)('to %s find their records by an index', async (name, { text }, parameters) => {
    const plan = await planOf(text, ...parameters)
    expect(plan).not.toMatch(/Seq Scan|Hash|Sort/)
    expect(plan).toMatch(
      name === 'sweep' ? /Index Scan using planned_sweep_at_idx[^]*Tid Scan/ : /planned_pkey/,
    )
  })
})

describe('a record that is replaced with a sliding expiry', () => {
  it('stays on its page and in its place of every index', async () => {
    const table = 'sliding'
    await migrate(database, { table })
    const storage = createPostgresStorage({ client: database, table })
    const day = 86_400_000
    await storage.commit([{ type: 'insert', key: at('g'), value: 0, expiresAt: now + 14 * day }], now)
    for (let renewal = 1; renewal <= 50; renewal++) {
      const time = now + renewal * 900_000
      const [stored] = await storage.get([at('g')], time)
      if (stored === undefined) throw new Error('no record')
      const { key, revision } = stored
      await storage.commit(
        [{ type: 'replace', key, revision, value: renewal, expiresAt: time + 14 * day }],
        time,
      )
    }
    await database.query('select pg_stat_force_next_flush()')
    const { rows } = await database.query(
      `select n_tup_upd::int as updated, n_tup_hot_upd::int as hot from pg_stat_user_tables
      where relname = '${table}'`,
    )
    const { updated, hot } = rows[0] as { updated: number; hot: number }
    expect([updated, hot >= 49]).toEqual([50, true])
  })
})

describe('clients', () => {
  it('of an unknown kind are given the text and the values, whatever else they can do', async () => {
    const calls: unknown[][] = []
    const client = {
      async query(...parameters: unknown[]) {
        calls.push(parameters)
        return { rows: [] }
      },
    }
    const send = createSendStatement(client, { preparedStatements: true, timeout: 1 })
    await send({ name: 'n', text: 'select $1', values: [] } as never, ['a', 1, null, true])
    expect(calls).toEqual([['select $1', ['a', 1, null, true]]])
  })

  it('may give a bigint as text, number or bigint', async () => {
    for (const expires of ['1900000000005', 1_900_000_000_005, 1_900_000_000_005n]) {
      const client = { query: async () => ({ rows: [{ value: '1', revision: 'r', expires }] }) }
      const [stored] = await createPostgresStorage({ client }).get([at('a')], now)
      expect(stored).toEqual({ key: at('a'), value: 1, revision: 'r', expiresAt: 1_900_000_000_005 })
    }
  })
})
