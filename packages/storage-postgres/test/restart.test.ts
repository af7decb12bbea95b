import { isStorageError } from '@gatewright/storage'
import type { Key, Operation } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'
import type { Driver } from './support/open-database.ts'
import { untilBlocked } from './support/until-blocked.ts'

const now = 1_900_000_000_000
/** Settings of its own: the server of others is not to be stopped. */
const database = await openDatabase({ restart_after_crash: 'on' })
const at = (partition: string, id = 'a'): Key => ({ partition, collection: 'things', id })
const insert = (key: Key, value: unknown = 0): Operation => ({
  type: 'insert',
  key,
  value: value as number,
  expiresAt: null,
})

describe('a server that goes away', () => {
  if ('missing' in database || database.server === undefined) {
    const reason = 'missing' in database ? database.missing : 'the server is not our own'
    it('is a StorageError until it comes back', (context) => context.skip(reason))
    return
  }
  const { server, url } = database
  beforeAll(async () => {
    const { client, close } = database.connect('pg', 1)
    await migrate(client)
    await close()
  })

  /** Counts one record up for as long as it is told to, whatever happens. */
  function startCounting(storage: ReturnType<typeof createPostgresStorage>, key: Key) {
    const state = { going: true, acknowledged: 0, unsure: 0, others: [] as unknown[] }
    const finished = (async () => {
      while (state.going) {
        let committing = false
        try {
          const [stored] = await storage.get([key], now)
          if (stored === undefined) throw new Error('the record is gone')
          const { revision, value } = stored
          committing = true
          const replace = {
            type: 'replace',
            key,
            revision,
            value: Number(value) + 1,
            expiresAt: null,
          } as const
          if (await storage.commit([replace], now)) state.acknowledged++
        } catch (error) {
          if (!isStorageError(error) || error.code !== 'busy') state.others.push(error)
          if (committing) state.unsure++
          await new Promise((resolve) => {
            setTimeout(resolve, 1)
          })
        }
      }
    })()
    return { state, finished }
  }

  async function untilMore(counting: readonly ReturnType<typeof startCounting>[]): Promise<void> {
    const before = counting.map(({ state }) => state.acknowledged)
    while (counting.some(({ state }, index) => state.acknowledged < (before[index] ?? 0) + 3))
      await new Promise((resolve) => {
        setTimeout(resolve, 1)
      })
  }

  it.each([
    ['pg', 'fast'],
    ['pg', 'immediate'],
    ['postgres', 'fast'],
    ['postgres', 'immediate'],
  ] as const)('CC-09 under load is a StorageError only, and the same pool goes on afterwards: %s, %s', async (driver: Driver, how) => {
    const { client, close } = database.connect(driver, 4)
    const storage = createPostgresStorage({ client })
    const keys = Array.from({ length: 8 }, (_, index) => at(`${driver}-${how}-${index}`))
    for (const key of keys) await storage.commit([insert(key)], now)
    const counting = keys.map((key) => startCounting(storage, key))
    await untilMore(counting)
    await server.stop(how)
    const down = await storage.get(keys, now).catch((error: unknown) => error)
    expect(isStorageError(down) && down.code).toBe('busy')
    await server.start()
    await untilMore(counting)
    for (const { state } of counting) state.going = false
    await Promise.all(counting.map(({ finished }) => finished))
    const stored = await storage.get(keys, now)
    for (const [index, { state }] of counting.entries()) {
      expect(state.others).toEqual([])
      // Nothing promised is lost and nothing happened twice; a commit without an answer may have happened.
      const value = Number(stored[index]?.value)
      expect(value).toBeGreaterThanOrEqual(state.acknowledged)
      expect(value).toBeLessThanOrEqual(state.acknowledged + state.unsure)
    }
    await close()
  }) // prettier-ignore

  it('CC-07 a session of the server that is killed in the middle of a commit leaves nothing of it', async () => {
    const { client, close } = database.connect('pg', 4)
    const storage = createPostgresStorage({ client })
    await storage.commit([insert(at('killed', 'code'), 'unused')], now)
    const [code] = await storage.get([at('killed', 'code')], now)
    if (code === undefined) throw new Error('no code')
    const holder = new pg.Client({ connectionString: url })
    const observer = new pg.Client({ connectionString: url })
    for (const session of [holder, observer]) {
      session.on('error', () => undefined)
      await session.connect()
    }
    await holder.query(
      `begin; insert into gatewright_records (partition, collection, id, value, revision)
      values ('killed', 'things', 'token', '1', 'r')`,
    )
    const committing = storage
      .commit(
        [
          { type: 'replace', key: code.key, revision: code.revision, value: 'used', expiresAt: null },
          insert(at('killed', 'token')),
        ],
        now,
      )
      .catch((error: unknown) => error)
    await untilBlocked(observer)
    // By now it has replaced the code, and waits to insert the token.
    const { rows } = await observer.query<{ pid: number }>(
      "select pid from pg_stat_activity where wait_event_type = 'Lock'",
    )
    for (const { pid } of rows) process.kill(pid, 'SIGKILL')
    const reason = await committing
    expect(isStorageError(reason) && reason.code).toBe('busy')
    // The server drops all sessions and recovers.
    for (;;) {
      const stored = await storage.get([code.key, at('killed', 'token')], now).catch(() => undefined)
      if (stored === undefined) continue
      expect(stored).toEqual([code, undefined])
      break
    }
    await Promise.allSettled([holder.end(), observer.end()])
    await close()
  })
})
