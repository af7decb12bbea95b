import { connect } from 'node:net'
import { isStorageError } from '@gatewright/storage'
import type { Key, Operation } from '@gatewright/storage'
import { createRedisStorage } from '@gatewright/storage-redis'
import { expect, it } from 'vitest'
import { libraries } from './support/clients.ts'
import { describeWithRedis, now } from './support/with-redis.ts'

const at = (id: string): Key => ({ partition: 'p', collection: 'things', id })
const insert = (id: string): Operation => ({ type: 'insert', key: at(id), value: id, expiresAt: null })

describeWithRedis(
  'a server that is killed and started again',
  (bench) => {
    it.each(Object.entries(libraries))(
      'CC-09 under load means only StorageErrors, nothing twice, nothing lost, and then work with the same client (%s)',
      async (name, open) => {
        const opened = await open(bench.server.port)
        const storage = createRedisStorage({ client: opened.client, timeout: 2 })
        const won: string[] = []
        const others: unknown[] = []
        let refused = 0
        const state = { running: true }
        /** Inserts one record after the other; each is tried until it is there. */
        const load = async (worker: number) => {
          for (let count = 0; state.running; count++) {
            const id = `${name}-${worker}-${count}`
            await storage.commit([insert(id)], now).then(
              (done) => (done ? won.push(id) : others.push(`${id} was there already`)),
              (error: unknown) => (isStorageError(error) ? refused++ : others.push(error)),
            )
            await new Promise((resolve) => setTimeout(resolve, 1))
          }
        }
        const workers = Array.from({ length: 20 }, (_, worker) => load(worker))
        const until = async (condition: () => boolean) => {
          while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
        }
        await until(() => won.length > 200)
        await bench.server.kill()
        await until(() => refused > 20)
        await bench.server.restart()
        const before = won.length
        await until(() => won.length > before + 200)
        state.running = false
        await Promise.all(workers)
        expect(others).toEqual([])
        expect(new Set(won).size).toBe(won.length)
        const stored = await storage.get(won.map(at), now)
        expect(stored.filter((record) => record === undefined)).toEqual([])
        opened.close()
      },
    )

    it('CC-07 a commit whose connection breaks before all of it was sent leaves nothing', async () => {
      const socket = connect(bench.server.port, '127.0.0.1')
      const text = "redis.call('SET', 'torn', '1') return 1"
      const whole = `*3\r\n$4\r\nEVAL\r\n$${text.length}\r\n${text}\r\n$1\r\n0\r\n`
      await new Promise<void>((resolve) => socket.write(whole.slice(0, -2), () => resolve()))
      socket.destroy()
      const opened = await libraries.redis(bench.server.port)
      await createRedisStorage({ client: opened.client }).get([at('x')], now)
      opened.close()
      expect(await bench.redis.exists('torn')).toBe(0)
    })
  },
  // Later settings win: this server writes a log, so that a kill of the process loses nothing.
  ['--appendonly', 'yes', '--appendfsync', 'everysec'],
)
