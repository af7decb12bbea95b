import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { Key, Operation } from '@gatewright/storage'
import { createPostgresStorage, migrate, migrations } from '@gatewright/storage-postgres'
import type { PostgresClient } from '@gatewright/storage-postgres'
import pg from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'

const now = 1_900_000_000_000
const key = { partition: 'p', collection: 'things', id: 'a' }
const other = { ...key, id: 'b' }
const inserting = (key: Key, expiresAt: number | null): Operation => ({
  type: 'insert',
  key,
  value: { n: 1 },
  expiresAt,
})
const insert = inserting(key, now + 1000)

/** Uses every statement and the function once; throws where one does not work. */
async function use(client: PostgresClient, table?: string): Promise<void> {
  const storage = createPostgresStorage({ client, ...(table === undefined ? {} : { table }) })
  expect(await storage.commit([insert, inserting(other, now + 1000)], now)).toBe(true)
  const [stored] = await storage.get([key, other], now)
  if (stored === undefined) throw new Error('no record')
  const { revision } = stored
  expect(
    await storage.commit(
      [
        { type: 'check', key, revision },
        { type: 'delete', key: other },
      ],
      now,
    ),
  ).toBe(true)
  const replace = { type: 'replace', key, revision, value: 2, expiresAt: now + 5 } as const
  expect(await storage.commit([replace, inserting(other, now + 5)], now)).toBe(true)
  expect(await storage.list('p', 'things', { limit: 5, now })).toEqual(['a', 'b'])
  expect(await storage.commit([{ type: 'delete', key: other }], now)).toBe(true)
  expect(await storage.sweep({ now: now + 900_000, limit: 5 })).toBe(1)
}

describe('the migrations', () => {
  it('are the files of the folder, word for word', () => {
    const folder = new URL('../migrations/', import.meta.url)
    expect(readdirSync(folder).toSorted()).toEqual(migrations.map(({ name }) => `${name}.sql`))
    for (const { name, sql } of migrations)
      expect(sql).toBe(readFileSync(new URL(`${name}.sql`, folder), 'utf8'))
  })

  it('are numbered from one, each notes itself, and none can end the text that carries it', () => {
    for (const [index, { version, name, sql }] of migrations.entries()) {
      expect([version, name.slice(0, 4)]).toEqual([index + 1, String(version).padStart(4, '0')])
      expect(sql).toContain(
        `insert into gatewright_records_migrations (version, name) values (${version}, '${name}')`,
      )
      expect(sql).not.toMatch(/\$migrations?\$/)
    }
  })

  it('CC-20 neither they nor any statement asks for the clock of the server', async () => {
    const texts = migrations.map(({ sql }) => sql)
    const client = {
      async query(text: string) {
        texts.push(text)
        return { rows: [] }
      },
    }
    const storage = createPostgresStorage({ client })
    await storage.get([key], now)
    await storage.get([key, other], now)
    await storage.get(
      Array.from({ length: 20 }, () => key),
      now,
    )
    await storage.commit([insert], now)
    await storage.commit([{ type: 'delete', key }], now)
    await storage.list('p', 'things', { limit: 1, now })
    await storage.sweep({ now, limit: 1 })
    await migrate(client)
    expect(texts.length).toBeGreaterThan(7)
    for (const text of texts)
      expect(text).not.toMatch(/\b(?:now|clock_timestamp|statement_timestamp|current_|localtime|age)\b/i)
  })
})

describe('migrate in this process', () => {
  let database: PGlite
  beforeAll(() => {
    database = new PGlite()
  })
  afterAll(() => database.close())

  it('creates a table that is ready for use, and does nothing the second time', async () => {
    await migrate(database)
    await use(database)
    await createPostgresStorage({ client: database }).commit([insert], now)
    await migrate(database)
    expect((await createPostgresStorage({ client: database }).get([key], now))[0]?.value).toEqual({ n: 1 })
    const { rows } = await database.query('select * from gatewright_records_migrations')
    expect(rows).toEqual(migrations.map(({ version, name }) => ({ version, name })))
  })

  it('takes a schema and any name, reserved words included', async () => {
    await database.exec('create schema auth')
    for (const table of ['auth.records', 'auth.user', 'Mixed_Case', 'table', 'x'.repeat(48)]) {
      await migrate(database, { table })
      await use(database, table)
    }
    const { rows } = await database.query(
      `select nspname || '.' || relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind = 'r' and nspname in ('auth', 'public') order by 1`,
    )
    expect(rows.map((row) => (row as { name: string }).name)).toEqual(
      ['auth.records', 'auth.user', 'public.Mixed_Case', 'public.gatewright_records', 'public.table', `public.${'x'.repeat(48)}`]
        .flatMap((name) => [name, `${name}_migrations`])
        .toSorted(),
    ) // prettier-ignore
  })

  it('leaves nothing behind when it fails half-way', async () => {
    await expect(migrate(database, { table: 'no_such_schema.records' })).rejects.toThrow('no_such_schema')
    await database.exec('create function half_commit(text, text[], text[], text[], text[], text[], text[], bigint[], bigint[], bigint, boolean) returns boolean language sql as $$ select true $$')
    await expect(migrate(database, { table: 'half' })).rejects.toThrow('already exists')
    const { rows } = await database.query("select from pg_class where relname like 'half%'")
    expect(rows).toEqual([])
  }) // prettier-ignore

  it('goes together with the plain files, run by any other tool', async () => {
    for (const { sql } of migrations) await database.exec(sql.replaceAll('gatewright_records', 'by_hand'))
    await migrate(database, { table: 'by_hand' })
    await use(database, 'by_hand')
  })

  it('the table may be partitioned by the partition', async () => {
    const parts = [0, 1, 2].map(
      (part) =>
        `create table parts_${part} partition of parts for values with (modulus 3, remainder ${part}) with (fillfactor = 85);`,
    )
    const [first] = migrations
    const sql = first?.sql
      .replaceAll('gatewright_records', 'parts')
      .replace(/\) with \([^)]*\);/, `) partition by hash (partition);\n${parts.join('\n')}`)
    await database.exec(sql ?? '')
    await use(database, 'parts')
    const storage = createPostgresStorage({ client: database, table: 'parts' })
    const keys = Array.from({ length: 30 }, (_, index) => ({ ...key, partition: `p${index}` }))
    for (const [index, at] of keys.entries())
      await storage.commit([inserting(at, index % 2 === 0 ? 1000 : null)], 0)
    while ((await storage.sweep({ now: 1_000_000, limit: 4 })) > 0);
    const left = (await storage.get(keys, 0)).map((stored) => stored !== undefined)
    expect(left).toEqual(keys.map((_, index) => index % 2 === 1))
  })
})

const server = await openDatabase()

describe('migrate on a server', () => {
  if ('missing' in server) {
    it('is safe in several processes', (context) => context.skip(server.missing))
    return
  }
  let admin: pg.Client
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server.url })
    await admin.connect()
  })
  afterAll(() => admin.end())

  it.each([
    ['read committed', 'pg'],
    ['repeatable read', 'pg'],
    ['serializable', 'pg'],
    ['read committed', 'postgres'],
    ['serializable', 'postgres'],
  ] as const)('CC-16 runs once when many start at once, under %s, through %s', async (isolation, driver) => {
    const table = `many_${driver}_${isolation.replace(' ', '_')}`
    const pools = Array.from({ length: 8 }, () => {
      if (driver === 'postgres') {
        const client = postgres(server.url, {
          max: 2,
          connection: { default_transaction_isolation: isolation },
        })
        return { client, end: () => client.end() }
      }
      const options = `-c default_transaction_isolation=${isolation.replace(' ', String.raw`\ `)}`
      const client = new pg.Pool({ connectionString: server.url, options, max: 2 })
      return { client, end: () => client.end() }
    })
    await Promise.all(pools.map(({ client }) => migrate(client, { table })))
    await Promise.all(pools.map(({ client }) => migrate(client, { table })))
    const { rows } = await admin.query(`select version from ${table}_migrations`)
    expect(rows).toHaveLength(migrations.length)
    const [first] = pools
    if (first !== undefined) await use(first.client, table)
    await Promise.all(pools.map(({ end }) => end()))
  })

  it('the files, run by psql, make the same table as migrate, and leave it nothing to do', async () => {
    const name = `by_psql_${process.pid}`
    await admin.query(`create database ${name} template template0 encoding 'UTF8'`)
    const url = new URL(server.url)
    url.pathname = name
    for (const { name: file } of migrations) {
      const path = fileURLToPath(new URL(`../migrations/${file}.sql`, import.meta.url))
      const run = spawnSync('psql', [url.href, '-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', path], {
        encoding: 'utf8',
      })
      expect([run.status, run.stderr]).toEqual([0, ''])
    }
    const pool = new pg.Pool({ connectionString: url.href, max: 1 })
    await migrate(pool)
    await use(pool)
    await pool.end()
    await admin.query(`drop database ${name}`)
  })

  it('a role that may only read and write rows can use the storage, and may call migrate when nothing is left', async () => {
    const role = `runtime_${process.pid}`
    await admin.query('create schema kept')
    await migrate(admin, { table: 'kept.records' })
    await admin.query(`
      create role ${role} login password 'x';
      grant usage on schema kept to ${role};
      grant select, insert, update, delete on kept.records to ${role};
      grant select on kept.records_migrations to ${role}`)
    const url = new URL(server.url)
    url.username = role
    url.password = 'x'
    const pool = new pg.Pool({ connectionString: url.href, max: 1 })
    await use(pool, 'kept.records')
    await migrate(pool, { table: 'kept.records' })
    await expect(migrate(pool, { table: 'kept.others' })).rejects.toThrow('permission denied')
    await pool.end()
    await admin.query(`drop owned by ${role}; drop role ${role}`)
  })

  it('refuses a database that cannot hold every character', async () => {
    const name = `latin_${process.pid}`
    await admin.query(`create database ${name} template template0 encoding 'LATIN1' locale 'C'`)
    const url = new URL(server.url)
    url.pathname = name
    const pool = new pg.Pool({ connectionString: url.href, max: 1 })
    await expect(migrate(pool)).rejects.toThrow('UTF8')
    await pool.end()
    await admin.query(`drop database ${name}`)
  })
})
