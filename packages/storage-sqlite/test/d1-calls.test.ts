import { isStorageError } from '@gatewright/storage'
import type { Key, Operation, Revision } from '@gatewright/storage'
import { createD1Storage, migrate } from '@gatewright/storage-sqlite/d1'
import type { D1Database, D1Result, D1Statement } from '@gatewright/storage-sqlite/d1'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { createSchema } from '../src/create-schema.ts'
import { writeD1Statements } from '../src/d1/d1-statements.ts'

const now = 1_900_000_000_000
const key: Key = { partition: 'p', collection: 'things', id: 'a' }
const revision = 'r' as Revision
const insert: Operation = { type: 'insert', key, value: 1, expiresAt: null }

/** A database that answers every batch alike, and keeps how many statements each had. */
function answering(answer: () => Promise<D1Result[]>) {
  const batches: number[] = []
  const statement: D1Statement = { bind: () => statement }
  const database: D1Database = {
    prepare: () => statement,
    async batch(statements) {
      batches.push(statements.length)
      return answer()
    },
  }
  return { database, batches }
}
const failing = (message: string) => answering(() => Promise.reject(new Error(message))).database

describe('a call of D1', () => {
  it('is one round trip: one statement for a get, one batch for a commit of any number of operations', async () => {
    const { database, batches } = answering(async () => [{ results: [], meta: {} }])
    const storage = createD1Storage({ database })
    await storage.get(
      Array.from({ length: 200 }, (_, index) => ({ ...key, id: `${index}` })),
      now,
    )
    await storage.commit([insert], now)
    const many = Array.from({ length: 200 }, (_, index): Operation[] => [
      { ...insert, key: { ...key, id: `i${index}` } },
      { type: 'replace', key: { ...key, id: `r${index}` }, revision, value: 1, expiresAt: now + 1 },
      { type: 'delete', key: { ...key, id: `d${index}` } },
    ]).flat()
    await storage.commit(many as [Operation], now)
    await storage.commit([{ type: 'check', key, revision }], now)
    expect(batches).toEqual([1, 2, 5, 1])
  })

  it.each([
    'D1_ERROR: Network connection lost.',
    'D1_ERROR: D1 DB reset because its code was updated.',
    'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
    'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
    'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
    'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
    'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
  ])('CC-09 is a StorageError (busy) after "%s"', async (message) => {
    const storage = createD1Storage({ database: failing(message) })
    const calls = [
      storage.get([key], now),
      storage.commit([insert], now),
      storage.list('p', 'c', { limit: 1, now }),
      storage.sweep({ limit: 1, now }),
      migrate(failing(message)),
    ]
    for (const call of calls) {
      const reason = await call.catch((error: unknown) => error)
      expect(isStorageError(reason) && reason.code).toBe('busy')
    }
  })

  it.each([
    'D1_ERROR: Exceeded maximum DB size',
    "D1_ERROR: Your account has exceeded D1's maximum account storage limit",
  ])('is a StorageError (full) after "%s"', async (message) => {
    const commit = createD1Storage({ database: failing(message) }).commit([insert], now)
    await expect(commit).rejects.toMatchObject({ name: 'StorageError', code: 'full' })
  })

  it('is the error of D1 after any other, and only the guard makes a commit false', async () => {
    for (const message of ['D1_ERROR: no such table: gatewright_records: SQLITE_ERROR', 'NOT NULL constraint failed: t.value']) {
      const storage = createD1Storage({ database: failing(message) })
      await expect(storage.commit([insert], now)).rejects.toThrow(message)
      await expect(storage.get([key], now)).rejects.toThrow(message)
    }
    const message = 'D1_ERROR: NOT NULL constraint failed: gatewright_records.partition: SQLITE_CONSTRAINT'
    expect(await createD1Storage({ database: failing(message) }).commit([insert], now)).toBe(false)
  }) // prettier-ignore

  it('DS-14 that is never answered is a StorageError when its time is over', async () => {
    const { database } = answering(() => new Promise(() => undefined))
    const storage = createD1Storage({ database, timeout: 0.02 })
    await expect(storage.get([key], now)).rejects.toMatchObject({ name: 'StorageError', code: 'busy' })
    await expect(storage.commit([insert], now)).rejects.toMatchObject({ code: 'busy' })
  })
})

describe('the options', () => {
  it('CC-21 a session, which may read from a replica, is refused', () => {
    const { database } = answering(async () => [])
    const session = { ...database, getBookmark: () => null }
    expect(() => createD1Storage({ database: session })).toThrow(TypeError)
  })

  it('CK-04 a malformed table or timeout is a TypeError', async () => {
    const { database } = answering(async () => [])
    for (const table of ['', 'a"b', '1a', 'a.b', 'a b']) {
      expect(() => createD1Storage({ database, table })).toThrow(TypeError)
      await expect(migrate(database, { table })).rejects.toThrow(TypeError)
    }
    for (const timeout of [0, -1, Number.NaN, Infinity, 2_147_484])
      expect(() => createD1Storage({ database, timeout })).toThrow(TypeError)
  })
})

it('every statement finds its records by an index', () => {
  const database = new Database(':memory:')
  for (const sql of createSchema('gatewright_records')) database.exec(sql)
  const statements = Object.entries(writeD1Statements('gatewright_records'))
  for (const [name, sql] of statements) {
    const plan = (database.prepare(`explain query plan ${sql}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join('; ')
    expect([name, plan]).toEqual([name, expect.not.stringMatching(/SCAN (?:"?gatewright_records)/)])
  }
  database.close()
})
