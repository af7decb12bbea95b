import { isStorageError } from '@gatewright/storage'
import { createRedisStorage } from '@gatewright/storage-redis'
import type { RedisClient } from '@gatewright/storage-redis'
import { describe, expect, it, vi } from 'vitest'

const now = 1_900_000_000_000
const key = { partition: 'p', collection: 'things', id: 'a' }

/** What `get` rejects with when the client rejects with an error. */
async function thrown(reason: Error): Promise<unknown> {
  const client: RedisClient = {
    async sendCommand() {
      throw reason
    },
  }
  return createRedisStorage({ client })
    .get([key], now)
    .catch((error: unknown) => error)
}

describe('errors of clients and servers', () => {
  it.each([
    ['OOM command not allowed when used memory > maxmemory.', 'full'],
    ['ERR Error running script (call to f_1): @user_script:5: -OOM command not allowed', 'full'],
    ['LOADING Redis is loading the dataset in memory', 'busy'],
    ["READONLY You can't write against a read only replica.", 'busy'],
    ['ERR Error running script (call to f_1): @user_script: 9: -READONLY You cannot', 'busy'],
    ['BUSY Redis is busy running a script.', 'busy'],
    ['MASTERDOWN Link with MASTER is down', 'busy'],
    ['MISCONF Redis is configured to save RDB snapshots', 'busy'],
    ['NOREPLICAS Not enough good replicas to write.', 'busy'],
    ['CLUSTERDOWN The cluster is down', 'busy'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'busy'],
    ['ERR max number of clients reached', 'busy'],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'busy'],
    ['read ECONNRESET', 'busy'],
    ['Connection is closed.', 'busy'],
    ['Socket closed unexpectedly', 'busy'],
    ['The client is offline', 'busy'],
    ['Reached the max retries per request limit (which is 1).', 'busy'],
    ["Stream isn't writeable and enableOfflineQueue options is false", 'busy'],
    ['Failed to refresh slots cache.', 'busy'],
  ])('%j is a StorageError (%s)', async (message, code) => {
    const cause = new Error(message)
    const error = await thrown(cause)
    expect(isStorageError(error) && [error.code, error.cause]).toEqual([code, cause])
  })

  it.each([
    'NOAUTH Authentication required.',
    'WRONGPASS invalid username-password pair',
    'NOPERM this user has no permissions',
    'ERR unknown command',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    "CROSSSLOT Keys in request don't hash to the same slot",
  ])('%j passes as it is', async (message) => {
    const cause = new Error(message)
    expect(await thrown(cause)).toBe(cause)
  })

  it('misuse of the client passes as it is', async () => {
    const cause = new TypeError('arguments must be strings')
    expect(await thrown(cause)).toBe(cause)
  })
})

describe('options', () => {
  const client: RedisClient = { sendCommand: () => Promise.resolve(null) }
  it.each([
    { client: undefined },
    { client: null },
    { client: {} },
    { client: 'redis://127.0.0.1' },
    { client: { call: () => Promise.resolve(), options: { keyPrefix: 'mine:' } } },
    { client, prefix: 'a{b}' },
    { client, timeout: 0 },
    { client, timeout: Number.NaN },
    { client, timeout: '5' },
    { client, timeout: 2_147_484 },
  ])('CK-04 DS-13 %o are refused with a TypeError', (options) => {
    expect(() => createRedisStorage(options as Parameters<typeof createRedisStorage>[0])).toThrow(TypeError)
  })

  it('CC-21 a cluster of node-redis is asked at its masters, reads included, also where its client uses replicas', async () => {
    const readOnly: boolean[] = []
    const cluster = {
      masters: [],
      nodeClient: () => Promise.reject(new Error('not asked')),
      async sendCommand(_key: string, isReadOnly: boolean, [command]: string[]) {
        readOnly.push(isReadOnly)
        return command === 'MGET' ? [null] : 1
      },
    }
    const storage = createRedisStorage({ client: cluster })
    expect(await storage.get([key], now)).toEqual([undefined])
    expect(await storage.commit([{ type: 'delete', key }], now)).toBe(true)
    expect(readOnly).toEqual([false, false])
  })

  it('DS-14 a server that does not answer is given five seconds, where nothing else is said', async () => {
    vi.useFakeTimers()
    try {
      const silent: RedisClient = { sendCommand: () => new Promise(() => undefined) }
      let answer = 'none yet'
      void createRedisStorage({ client: silent })
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

  it('DS-14 a cluster whose masters cannot be reached holds up a sweep no longer than the timeout', async () => {
    const cluster = {
      masters: [{}],
      nodeClient: () => new Promise(() => undefined),
      sendCommand: () => Promise.resolve(null),
    }
    const storage = createRedisStorage({ client: cluster, timeout: 0.01 })
    const error: unknown = await storage.sweep({ now, limit: 1 }).catch((reason: unknown) => reason)
    expect(isStorageError(error) && error.code).toBe('busy')
  })

  it.each(['slave', 'all', () => []])(
    'CC-21 a client that reads from replicas (%o) is refused with a TypeError',
    (scaleReads) => {
      const reading = { call: () => Promise.resolve(), options: { scaleReads } }
      expect(() => createRedisStorage({ client: reading })).toThrow(TypeError)
      const fromMasters = { call: () => Promise.resolve(), options: { scaleReads: 'master' } }
      expect(() => createRedisStorage({ client: fromMasters })).not.toThrow()
    },
  )
})
