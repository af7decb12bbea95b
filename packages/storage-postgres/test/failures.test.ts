import { isStorageError } from '@gatewright/storage'
import type { Operation, Revision } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import type { PostgresStorageOptions, TextQueryClient } from '@gatewright/storage-postgres'
import { describe, expect, it, vi } from 'vitest'

const now = 1_900_000_000_000
const key = { partition: 'p', collection: 'things', id: 'a' }
const insert: Operation = { type: 'insert', key, value: 1, expiresAt: null }
const several: [Operation, Operation] = [
  insert,
  { type: 'delete', key: { ...key, id: 'b' }, revision: 'r' as Revision },
]

/** A client that answers with each of these in turn, an error by rejecting, and with the last one for ever. */
function answering(...answers: (Error | unknown[])[]) {
  const client = {
    sent: 0,
    query: async () => {
      const answer = answers[Math.min(client.sent++, answers.length - 1)] ?? []
      if (answer instanceof Error) throw answer
      return { rows: answer }
    },
  }
  return client
}

const failing = (members: object, message = 'from the driver') => Object.assign(new Error(message), members)
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (reason: unknown) => reason,
  )

describe('CC-13 a statement that the server undid because of others', () => {
  it.each(['40001', '40P01'])('%s is sent again, three times at most', async (code) => {
    const undone = failing({ code })
    const client = answering(undone, undone, undone, [{ done: 1 }])
    expect(await createPostgresStorage({ client }).commit([insert], now)).toBe(true)
    expect(client.sent).toBe(4)

    const hopeless = answering(undone)
    const reason = await reasonOf(createPostgresStorage({ client: hopeless }).commit(several, now))
    expect([isStorageError(reason) && reason.code, hopeless.sent]).toEqual(['busy', 4])
  })

  it('is sent again with the same revision, so that it is one commit however often it is sent', async () => {
    const seen: unknown[] = []
    const client: TextQueryClient = {
      async query(_text, values) {
        seen.push(JSON.stringify(values))
        if (seen.length < 3) throw failing({ code: '40001' })
        return { rows: [{ done: 1 }] }
      },
    }
    await createPostgresStorage({ client }).commit([insert], now)
    expect(new Set(seen).size).toBe(1)
  })

  it('every other error is not sent again', async () => {
    for (const code of ['08006', '57P01', '23505', 'ECONNRESET', 'XX000']) {
      const client = answering(failing({ code }))
      await reasonOf(createPostgresStorage({ client }).commit([insert], now))
      expect([code, client.sent]).toEqual([code, 1])
    }
  })
})

describe('CC-09 what passes by itself', () => {
  const words = (message: string) => failing({}, message)
  it.each([
    ...['08000', '08003', '08006', '08P01', '25006', '53200', '53300', '55P03', '57014', '57P01', '57P02', '57P03']
      .map((code) => failing({ code })),
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']
      .map((code) => failing({ code, syscall: 'connect' })),
    failing({ code: 'ENOENT', syscall: 'connect' }),
    ...['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'].map((code) => failing({ code })),
    words('Connection terminated unexpectedly'), words('Connection terminated due to connection timeout'),
    words('timeout exceeded when trying to connect'), words('timeout expired'), words('Query read timeout'),
    words('Client has encountered a connection error and is not queryable'),
    words('Client was closed and is not queryable'),
  ])('%o is a StorageError with the cause, from every method', async (cause) => {
    const storage = createPostgresStorage({ client: answering(cause) })
    const reasons = await Promise.all(
      [
        storage.get([key], now),
        storage.commit([insert], now),
        storage.commit(several, now),
        storage.list('p', 'things', { limit: 1, now }),
        storage.sweep({ now, limit: 1 }),
        migrate(answering(cause)),
      ].map(reasonOf),
    )
    for (const reason of reasons) {
      expect(isStorageError(reason) && [reason.code, reason.cause]).toEqual(['busy', cause])
      expect(String(reason)).not.toContain('things')
    }
  }) // prettier-ignore

  it('a full disk is a StorageError full', async () => {
    const reason = await reasonOf(
      createPostgresStorage({ client: answering(failing({ code: '53100' })) }).commit([insert], now),
    )
    expect(isStorageError(reason) && reason.code).toBe('full')
  })

  it.each([
    failing({ code: '42P01' }),
    failing({ code: '42501' }),
    failing({ code: '28P01' }),
    failing({ code: 'ENOENT', syscall: 'open' }),
    failing({ code: 57 }),
    failing({}),
    new TypeError('Cannot read properties of undefined'),
  ])('%o is no such thing and passes as it is', async (error) => {
    const storage = createPostgresStorage({ client: answering(error) })
    expect(await reasonOf(storage.commit([insert], now))).toBe(error)
    expect(await reasonOf(storage.get([key], now))).toBe(error)
  })

  it('DS-14 a database that does not answer is given five seconds, where nothing else is said', async () => {
    vi.useFakeTimers()
    try {
      const client: TextQueryClient = { query: () => new Promise(() => undefined) }
      let answer = 'none yet'
      void createPostgresStorage({ client })
        .get([key], now)
        .catch((error: unknown) => (answer = isStorageError(error) ? error.code : 'another error'))
      await vi.advanceTimersByTimeAsync(4999)
      expect(answer).toBe('none yet')
      await vi.advanceTimersByTimeAsync(1)
      expect(answer).toBe('busy')
    } finally {
      vi.useRealTimers()
    }
  })

  it('DS-14 a database that does not answer is a StorageError after the timeout, and is not asked again', async () => {
    let fail: (reason: Error) => void = () => undefined
    let sent = 0
    const client: TextQueryClient = {
      query: () =>
        new Promise((_, reject) => {
          sent++
          fail = reject
        }),
    }
    const storage = createPostgresStorage({ client, timeout: 0.01 })
    const reason = await reasonOf(storage.commit([insert], now))
    expect(isStorageError(reason) && reason.code).toBe('busy')
    fail(failing({ code: '40001' }))
    // Long enough for whatever would follow from it.
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).toBe(1)
  })
})

describe('a commit of several operations', () => {
  it('is false when the function raises that a key is taken, and only then', async () => {
    const taken = createPostgresStorage({ client: answering(failing({ code: 'GW001' })) })
    expect(await taken.commit(several, now)).toBe(false)
    for (const rows of [[], [{ done: null }], [{ done: 't' }], [{ done: false }]])
      expect(await createPostgresStorage({ client: answering(rows) }).commit(several, now)).toBe(false)
    expect(await createPostgresStorage({ client: answering([{ done: true }]) }).commit(several, now)).toBe(
      true,
    )
  })
})

describe('options', () => {
  const client = answering()
  it.each([
    { timeout: 0 }, { timeout: -1 }, { timeout: Number.NaN }, { timeout: Infinity }, { timeout: '5' }, { timeout: 1e9 },
    { preparedStatements: 'no' }, { client: undefined },
  ])('CK-04 refuses %o with a TypeError', (options) => {
    expect(() => createPostgresStorage({ client, ...options } as PostgresStorageOptions)).toThrow(TypeError)
  }) // prettier-ignore

  it.each([
    '', 'a b', 'a"; drop table x; --', "a'", '1a', 'ä', 'a.b.c', '.a', 'a.', 'a-b', 'a\0', '"a"', 'a\n', 'pg_catalog.',
    'x'.repeat(49), 5, null,
  ])('CK-04 refuses the table name %j with a TypeError, and sends nothing', async (table) => {
    expect(() => createPostgresStorage({ client, table: table as string })).toThrow(TypeError)
    await expect(migrate(client, { table: table as string })).rejects.toThrow(TypeError)
    expect(client.sent).toBe(0)
  }) // prettier-ignore
})
