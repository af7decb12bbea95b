import { createReplayStore, isStorageError } from '@gatewright/storage'
import type { Key, Operation } from '@gatewright/storage'
import { checkRedisSettings, createRedisStorage } from '@gatewright/storage-redis'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { libraries } from './support/clients.ts'
import { describeWithRedis, now } from './support/with-redis.ts'

const key: Key = { partition: 'p', collection: 'things', id: 'a' }
const insert: Operation = { type: 'insert', key, value: 1, expiresAt: null }
const failure = (work: Promise<unknown>) => work.catch((reason: unknown) => reason)

describeWithRedis('the state of the server', (bench) => {
  beforeEach(async () => {
    await bench.redis.flushall()
  })
  afterEach(async () => {
    await bench.redis.config('SET', 'maxmemory', '0')
    await bench.redis.config('SET', 'maxmemory-policy', 'noeviction')
    await bench.redis.replicaof('NO', 'ONE')
  })

  it('CC-10 after everything was lost nothing that was read before is accepted', async () => {
    const storage = bench.storage()
    await storage.commit([insert], now)
    const [record] = await storage.get([key], now)
    if (record === undefined) throw new Error('no record')
    await bench.redis.flushall()
    const { revision } = record
    expect(await storage.get([key], now)).toEqual([undefined])
    const attempts: Operation[] = [
      { type: 'check', key, revision },
      { type: 'replace', key, revision, value: 'used', expiresAt: null },
      { type: 'delete', key, revision },
    ]
    for (const attempt of attempts) expect(await storage.commit([attempt], now)).toBe(false)
    expect(await bench.redis.dbsize()).toBe(0)
  })

  it('CC-10 a replay mark is the one thing that a loss makes pass again, once', async () => {
    const replays = createReplayStore(bench.storage())
    const seen = () => replays.once('dpop', 'the jti', now + 60_000, now)
    expect([await seen(), await seen()]).toEqual([true, false])
    await bench.redis.flushall()
    expect([await seen(), await seen()]).toEqual([true, false])
  })

  it.each(Object.entries(libraries))(
    'CC-11 reports a policy of eviction and missing persistence (%s)',
    async (_name, open) => {
      const opened = await open(bench.server.port)
      const risks = async () => (await checkRedisSettings(opened.client)).map(({ risk }) => risk)
      expect(await risks()).toEqual(['no_persistence'])
      await bench.redis.config('SET', 'maxmemory-policy', 'volatile-lru')
      const findings = await checkRedisSettings(opened.client)
      expect(findings[0]).toMatchObject({ risk: 'eviction', value: 'volatile-lru' })
      await bench.redis.config('SET', 'maxmemory-policy', 'noeviction')
      await bench.redis.config('SET', 'appendonly', 'yes')
      await bench.redis.config('SET', 'appendfsync', 'everysec')
      expect(await risks()).toEqual(['delayed_persistence'])
      await bench.redis.config('SET', 'appendfsync', 'always')
      expect(await risks()).toEqual([])
      await bench.redis.config('SET', 'appendonly', 'no')
      opened.close()
    },
  )

  it('CC-11 says that a server does not tell', async () => {
    const answers: Record<string, string> = { INFO: 'redis_version:7\r\naof_enabled:1\r\n' }
    const silent = {
      sendCommand: ([command = '']: readonly string[]) =>
        command in answers ? Promise.resolve(answers[command]) : Promise.reject(new Error('NOPERM no')),
    }
    expect((await checkRedisSettings(silent)).map(({ risk, setting }) => [risk, setting])).toEqual([
      ['unknown', 'maxmemory-policy'],
      ['unknown', 'appendfsync'],
    ])
  })

  it.each(Object.entries(libraries))(
    'a full memory is a StorageError (full), and nothing is half written (%s)',
    async (_name, open) => {
      const opened = await open(bench.server.port)
      const storage = createRedisStorage({ client: opened.client })
      await storage.commit([insert], now)
      await bench.redis.config('SET', 'maxmemory', '1')
      const other = { ...key, id: 'b' }
      for (const operations of [
        [{ ...insert, key: other }],
        [
          { type: 'delete', key: { ...key, id: 'absent' } },
          { ...insert, key: other },
        ],
      ]) {
        const error = await failure(storage.commit(operations as [Operation], now))
        // Redis refuses unless the script has written already, and then lets it finish.
        if (error !== true) expect(isStorageError(error) && error.code).toBe('full')
        const written = (await storage.get([other], now))[0] !== undefined
        expect(written).toBe(error === true)
      }
      // Reading and deleting go on.
      expect((await storage.get([key], now))[0]?.value).toBe(1)
      expect(await storage.commit([{ type: 'delete', key }], now)).toBe(true)
      opened.close()
    },
  )

  it('CC-21 says that a server is a replica, whose reads may be old', async () => {
    await bench.redis.replicaof('127.0.0.1', '1')
    const found = await checkRedisSettings(bench.redis)
    await bench.redis.replicaof('NO', 'ONE')
    expect(found[0]).toMatchObject({ risk: 'replica', setting: 'role', value: 'slave' })
    expect((await checkRedisSettings(bench.redis)).map(({ risk }) => risk)).not.toContain('replica')
  })

  it('a master that became a replica is a StorageError until it is one no more', async () => {
    const storage = bench.storage()
    await storage.commit([insert], now)
    await bench.redis.config('SET', 'replica-serve-stale-data', 'yes')
    await bench.redis.replicaof('127.0.0.1', '1')
    const [record] = await storage.get([key], now)
    if (record === undefined) throw new Error('no record')
    const { revision } = record
    const replace: Operation = { type: 'replace', key, revision, value: 2, expiresAt: null }
    const error = await failure(storage.commit([replace], now))
    expect(isStorageError(error) && error.code).toBe('busy')
    await bench.redis.replicaof('NO', 'ONE')
    expect(await storage.commit([replace], now)).toBe(true)
  })

  it('DS-14 a server that hangs is a StorageError after the timeout', async () => {
    const storage = bench.storage({ timeout: 0.05 })
    await storage.get([key], now)
    const other = new Redis({ port: bench.server.port, host: '127.0.0.1' })
    await other.client('PAUSE', 400, 'ALL')
    for (const work of [
      storage.get([key], now),
      storage.commit([insert], now),
      storage.sweep({ now, limit: 1 }),
    ]) {
      const error = await failure(work)
      expect(isStorageError(error) && error.code).toBe('busy')
    }
    await other.client('UNPAUSE').catch(() => undefined)
    other.disconnect()
    await bench.redis.ping()
  })
})
