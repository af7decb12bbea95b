import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { expect, it } from 'vitest'
import { createTemporaryFile } from './support/temporary-file.ts'

const now = 1_000_000
const keyOf = (id: string) => ({ partition: 'p', collection: 'c', id })
const insert = (id: string, value: string | number) =>
  ({ type: 'insert', key: keyOf(id), value, expiresAt: now + 1000 }) as const

it('CC-09 whoever waited for the lock in vain reads what others write afterwards, and writes again', async () => {
  const file = createTemporaryFile()
  const [mine, others, locker] = [0, 1, 2].map(() => new Database(file.path))
  if (mine === undefined || others === undefined || locker === undefined) throw new Error('not opened')
  try {
    const storage = createSqliteStorage({ database: mine, busyTimeout: 0.02 })
    const other = createSqliteStorage({ database: others })
    await storage.commit([insert('token', 'live')], now)
    const [before] = await storage.get([keyOf('token')], now)

    locker.exec('begin immediate')
    const busy = { name: 'StorageError', code: 'busy' }
    // Each way to write, twice: one statement that is left standing is enough.
    for (let round = 0; round < 2; round++) {
      await expect(storage.commit([insert('one', 1)], now)).rejects.toMatchObject(busy)
      await expect(storage.commit([insert('two', 2), insert('three', 3)], now)).rejects.toMatchObject(busy)
      if (before === undefined) throw new Error('the record is missing')
      const replace = { ...insert('token', 'x'), type: 'replace', revision: before.revision } as const
      await expect(storage.commit([replace], now)).rejects.toMatchObject(busy)
      await expect(storage.sweep({ now, limit: 10 })).rejects.toMatchObject(busy)
    }
    locker.exec('rollback')

    // The first read after the lock begins the snapshot that must not stay.
    expect((await storage.get([keyOf('token')], now))[0]?.value).toBe('live')
    expect(await other.commit([{ type: 'delete', key: keyOf('token') }], now)).toBe(true)
    expect(await storage.get([keyOf('token')], now)).toEqual([undefined])
    expect(await storage.commit([insert('one', 1)], now)).toBe(true)
    expect(await storage.commit([insert('two', 2), insert('three', 3)], now)).toBe(true)
    expect(await storage.sweep({ now: now + 120_000, limit: 10 })).toBe(3)
  } finally {
    for (const database of [mine, others, locker]) database.close()
    file.remove()
  }
})
