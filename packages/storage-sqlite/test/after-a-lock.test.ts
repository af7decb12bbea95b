import { createSqliteStorage } from '@gatewright/storage-sqlite'
import type { SqliteDatabase } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { beforeEach, describe, expect, it } from 'vitest'
import { interceptDatabase } from './support/intercept-database.ts'
import { createTemporaryFile } from './support/temporary-file.ts'

const now = 1_000_000
const keyOf = (id: string) => ({ partition: 'p', collection: 'c', id })
const insert = (id: string, value: string | number) =>
  ({ type: 'insert', key: keyOf(id), value, expiresAt: now + 1000 }) as const
const busy = { name: 'StorageError', code: 'busy' }

type Connection = InstanceType<typeof Database>

/** What writers and readers of one file wait for. */
interface Setting {
  /** A storage of its own connection. */
  readonly connect: (busyTimeout?: number) => ReturnType<typeof createSqliteStorage>
  /** Somebody else's connection. */
  readonly locker: Connection
}

/** Opens connections to one new file, which go with the test. */
function openSetting(prepare: (database: Connection) => SqliteDatabase): Setting & { close(): void } {
  const file = createTemporaryFile()
  const opened: Connection[] = []
  const open = () => {
    const database = new Database(file.path)
    opened.push(database)
    return database
  }
  return {
    connect: (busyTimeout = 5) => createSqliteStorage({ database: prepare(open()), busyTimeout }),
    locker: open(),
    close() {
      for (const database of opened) database.close()
      file.remove()
    },
  }
}

/** As on a file system without shared memory: the switch to the write-ahead log changes nothing. */
const withoutWal = (database: Connection) =>
  interceptDatabase(database, {
    all: (sql, call) => (sql.includes('journal_mode') ? [{ journal_mode: 'delete' }] : call()),
  })

const settings = {
  'a write-ahead log, where only writing waits': {
    prepare: (database: Connection): SqliteDatabase => database,
    lock: 'begin immediate',
    readsWait: false,
  },
  'no write-ahead log, where reading waits too': {
    prepare: withoutWal,
    lock: 'begin exclusive',
    readsWait: true,
  },
}

describe.each(Object.entries(settings))('with %s,', (_, { prepare, lock, readsWait }) => {
  let setting: ReturnType<typeof openSetting>
  beforeEach(() => {
    setting = openSetting(prepare)
    return () => setting.close()
  })

  it('CC-09 whoever waited for the lock in vain reads what others write afterwards, and writes again', async () => {
    const { connect, locker } = setting
    const [storage, other] = [connect(0.02), connect()]
    await storage.commit([insert('token', 'live')], now)
    const [before] = await storage.get([keyOf('token')], now)
    if (before === undefined) throw new Error('the record is missing')
    const replace = { ...insert('token', 'x'), type: 'replace', revision: before.revision } as const
    const writes = [
      () => storage.commit([insert('one', 1)], now),
      () => storage.commit([insert('two', 2), insert('three', 3)], now),
      () => storage.commit([replace], now),
      () => storage.sweep({ now, limit: 10 }),
    ]
    const many = Array.from({ length: 60 }, (_, index) => keyOf(`many${index}`))
    const reads = [
      () => storage.get([keyOf('token')], now),
      () => storage.get([keyOf('token'), keyOf('one')], now),
      () => storage.get(many, now),
      () => storage.list('p', 'c', { limit: 10, now }),
    ]

    // Each way to wait, twice and with the others between: one statement that is left standing is enough.
    for (const waits of [...writes, ...(readsWait ? reads : [])]) {
      locker.exec(lock)
      for (let round = 0; round < 2; round++) await expect(waits()).rejects.toMatchObject(busy)
      locker.exec('rollback')

      // The first read after the lock begins the snapshot that must not stay.
      const [token] = await storage.get([keyOf('token')], now)
      expect(token?.value).toBe('live')
      expect(await other.commit([{ type: 'delete', key: keyOf('token') }], now)).toBe(true)
      expect(await storage.get([keyOf('token')], now)).toEqual([undefined])
      expect(await storage.list('p', 'c', { limit: 10, now })).toEqual([])
      expect(await storage.commit([insert('token', 'live')], now)).toBe(true)
    }

    locker.exec(lock)
    for (const waits of [...writes, ...(readsWait ? reads : [])])
      await expect(waits()).rejects.toMatchObject(busy)
    locker.exec('rollback')
    expect(await storage.commit([insert('one', 1)], now)).toBe(true)
    expect(await other.commit([insert('two', 2), insert('three', 3)], now)).toBe(true)
    expect(await storage.sweep({ now: now + 120_000, limit: 10 })).toBe(4)
    expect(await other.list('p', 'c', { limit: 10, now })).toEqual([])
  })
})

describe('without a write-ahead log', () => {
  let setting: ReturnType<typeof openSetting>
  beforeEach(() => {
    setting = openSetting(withoutWal)
    return () => setting.close()
  })

  it('a read that waited in vain is not answered to who asks for something else', async () => {
    const { connect, locker } = setting
    const [storage, other] = [connect(0.02), connect()]
    await other.commit([insert('mine', 'mine'), insert('yours', 'yours')], now)
    locker.exec('begin exclusive')
    await expect(storage.get([keyOf('mine')], now)).rejects.toMatchObject(busy)
    locker.exec('rollback')
    const [yours] = await storage.get([keyOf('yours')], now)
    expect(yours).toMatchObject({ key: keyOf('yours'), value: 'yours' })
    expect(await storage.get([keyOf('absent')], now)).toEqual([undefined])
  })

  it('a commit that waited for readers in vain has written nothing, and leaves nothing behind', async () => {
    const { connect, locker } = setting
    const [storage, other] = [connect(0.02), connect()]
    await other.commit([insert('token', 'live')], now)
    locker.exec('begin; select * from gatewright_records')
    const revoke = { type: 'delete', key: keyOf('token') } as const
    for (let round = 0; round < 2; round++)
      await expect(storage.commit([revoke], now)).rejects.toMatchObject(busy)
    locker.exec('rollback')
    expect((await storage.get([keyOf('token')], now))[0]?.value).toBe('live')
    expect(await other.commit([revoke], now)).toBe(true)
    expect(await storage.get([keyOf('token')], now)).toEqual([undefined])
    expect(await storage.commit([insert('token', 'again')], now)).toBe(true)
    expect((await other.get([keyOf('token')], now))[0]?.value).toBe('again')
  })
})
