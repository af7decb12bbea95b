import { isStorageError } from '@gatewright/storage'
import type { Operation, Revision } from '@gatewright/storage'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import type { SqliteStorageOptions } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { beforeEach, describe, expect, it } from 'vitest'
import { interceptDatabase } from './support/intercept-database.ts'
import { createTemporaryFile } from './support/temporary-file.ts'
import type { TemporaryFile } from './support/temporary-file.ts'

const now = 1_900_000_000_000
const key = { partition: 'p', collection: 'things', id: 'a' }
const insert: Operation = { type: 'insert', key, value: { n: 1 }, expiresAt: now + 1000 }

let file: TemporaryFile
beforeEach(() => {
  file = createTemporaryFile()
  return () => file.remove()
})

function open(options: Partial<SqliteStorageOptions> = {}) {
  const database = new Database(file.path)
  const pragma = (name: string) =>
    Object.values(database.prepare(`pragma ${name}`).get() as object)[0] as unknown
  return { database, pragma, storage: createSqliteStorage({ database, ...options }) }
}

describe('the connection', () => {
  it('waits five seconds for locks, writes ahead, and syncs as NORMAL does, by default', () => {
    const { pragma, database } = open()
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('busy_timeout')]).toEqual(['wal', 1, 5000])
    database.close()
  })

  it('syncs every commit when durability is full', () => {
    const { pragma, database } = open({ durability: 'full', busyTimeout: 0.25 })
    expect([pragma('synchronous'), pragma('busy_timeout')]).toEqual([2, 250])
    database.close()
  })

  it('syncs fully where there is no write-ahead log', () => {
    const database = new Database(':memory:')
    createSqliteStorage({ database })
    expect(database.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 2 })
    database.close()
  })

  it("stays open: what was handed in is the caller's", async () => {
    const { database, storage } = open()
    await storage.commit([insert], now)
    expect(database.prepare('select count(*) as n from gatewright_records').get()).toMatchObject({ n: 1 })
    database.close()
  })

  it('CC-16 is set up again when another process is just doing the same', () => {
    const database = new Database(file.path)
    let failures = 3
    const contended = interceptDatabase(database, {
      all(sql, call) {
        if (sql.includes('journal_mode') && failures-- > 0)
          throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' })
        return call()
      },
    })
    expect(() => createSqliteStorage({ database: contended })).not.toThrow()
    expect(failures).toBe(-1)
    database.close()
  })
})

describe('the table', () => {
  it('keeps its records when it is opened again', async () => {
    const first = open()
    await first.storage.commit([insert], now)
    first.database.close()
    const second = open()
    expect((await second.storage.get([key], now))[0]?.value).toEqual({ n: 1 })
    second.database.close()
  })

  it('has the name that was asked for, and shares nothing with another', async () => {
    const database = new Database(file.path)
    const [one, other] = ['tenant_one', 'TenantTwo'].map((table) => createSqliteStorage({ database, table }))
    await one?.commit([insert], now)
    expect(await other?.get([key], now)).toEqual([undefined])
    const tables = database.prepare("select name from sqlite_schema where type = 'table' order by name").all()
    expect(tables.map((row) => (row as { name: string }).name)).toEqual(['TenantTwo', 'tenant_one'])
    database.close()
  })

  it.each(['', 'a b', 'a"; drop table x; --', '1a', 'ä', 'a.b'])(
    'refuses the name %j with a TypeError',
    (table) => {
      expect(() => open({ table })).toThrow(TypeError)
    },
  )

  it('DS-13 a wait of 2^31 milliseconds or more, which would be none, is a TypeError', () => {
    expect(() => open({ busyTimeout: 2_147_484 })).toThrow(TypeError)
    const { pragma, database } = open({ busyTimeout: 2_000_000 })
    expect(pragma('busy_timeout')).toBe(2_000_000_000)
    database.close()
  })

  it.each([{ durability: 'none' }, { busyTimeout: -1 }, { busyTimeout: Number.NaN }, { busyTimeout: '5' }])(
    'CK-04 refuses %o with a TypeError',
    (options) => {
      expect(() => open(options as Partial<SqliteStorageOptions>)).toThrow(TypeError)
    },
  )
})

describe('a lock that somebody holds', () => {
  it('CC-14 becomes a StorageError after the busy timeout, and nothing is written', async () => {
    const { database, storage } = open({ busyTimeout: 0.05 })
    const holder = new Database(file.path)
    holder.exec('begin immediate')
    const other: Operation = { ...insert, key: { ...key, id: 'b' } }
    for (const operations of [[insert], [insert, other]]) {
      const error: unknown = await storage
        .commit(operations as [Operation], now)
        .catch((reason: unknown) => reason)
      expect(isStorageError(error) && error.code).toBe('busy')
    }
    expect(await storage.get([key], now)).toEqual([undefined])
    holder.exec('rollback')
    expect(await storage.commit([insert, other], now)).toBe(true)
    holder.close()
    database.close()
  })

  it('does not keep anybody from reading', async () => {
    const { database, storage } = open({ busyTimeout: 0 })
    await storage.commit([insert], now)
    const holder = new Database(file.path)
    holder.exec('begin immediate')
    holder.exec('delete from gatewright_records')
    expect(await storage.get([key], now)).toHaveLength(1)
    expect(await storage.list('p', 'things', { limit: 1, now })).toEqual(['a'])
    holder.exec('rollback')
    holder.close()
    database.close()
  })

  it.each([
    [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'busy'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 261 }, 'busy'],
    [{ code: 'SQLITE_PROTOCOL' }, 'busy'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 15 }, 'busy'],
    [{ code: 'SQLITE_FULL' }, 'full'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'full'],
  ])('the error %o of a driver is a StorageError %s', async (members, code) => {
    const database = new Database(':memory:')
    const failing = interceptDatabase(database, {
      run(sql, call) {
        if (sql.startsWith('insert')) throw Object.assign(new Error('from the driver'), members)
        return call()
      },
    })
    const error: unknown = await createSqliteStorage({ database: failing })
      .commit([insert], now)
      .catch((reason: unknown) => reason)
    expect(isStorageError(error) && error.code).toBe(code)
    database.close()
  })

  it('any other error of a driver passes as it is, and the transaction is rolled back', async () => {
    const database = new Database(':memory:')
    let failing = true
    const storage = createSqliteStorage({
      database: interceptDatabase(database, {
        run(sql, call) {
          if (failing && sql.startsWith('update')) throw new Error('SQLITE_IOERR')
          return call()
        },
      }),
    })
    const other = { ...key, id: 'b' }
    const replace: Operation = {
      type: 'replace',
      key: other,
      revision: 'r' as Revision,
      value: 1,
      expiresAt: null,
    }
    await expect(storage.commit([insert, replace], now)).rejects.toThrow('SQLITE_IOERR')
    failing = false
    expect(await storage.get([key], now)).toEqual([undefined])
    expect(await storage.commit([insert, { type: 'delete', key: other }], now)).toBe(true)
    database.close()
  })
})

describe('what drivers do differently', () => {
  it('bigints for integers, and members of their own in a row are understood', async () => {
    const database = new Database(':memory:')
    const foreign = (row: unknown): unknown =>
      Object.fromEntries([
        ['_metadata', { duration: 1 }],
        ...Object.entries(row as object).map(([name, value]) => [
          name,
          typeof value === 'number' ? BigInt(value) : (value as unknown),
        ]),
      ])
    const storage = createSqliteStorage({
      database: interceptDatabase(database, {
        run: (_sql, call) => ({ changes: BigInt(call().changes) }),
        all: (_sql, call) => call().map(foreign),
      }),
    })
    const absent = { ...key, id: 'absent' }
    const [none] = await storage.get([absent], now)
    expect(none).toBeUndefined()
    expect(await storage.commit([insert], now)).toBe(true)
    expect(await storage.commit([insert], now)).toBe(false)
    const [, stored] = await storage.get([absent, key], now)
    expect(stored).toEqual({
      key,
      value: { n: 1 },
      revision: expect.any(String) as string,
      expiresAt: now + 1000,
    })
    if (stored === undefined) throw new Error('no record')
    const { revision } = stored
    expect(await storage.commit([{ type: 'check', key, revision }], now)).toBe(true)
    expect(await storage.commit([{ type: 'check', key: absent, revision }], now)).toBe(false)
    expect(await storage.get([key], now)).toEqual([stored])
    expect(await storage.sweep({ now: now + 900_000, limit: 10 })).toBe(1)
    database.close()
  })
})
