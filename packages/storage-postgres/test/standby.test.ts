import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Key, Operation } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import { describe, expect, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'

const now = 1_900_000_000_000
/** Settings of its own: the server of others is not to be stopped. */
const database = await openDatabase({ hot_standby: 'on' })
const at = (id: string): Key => ({ partition: 'p', collection: 'grants', id })
const insert = (id: string): Operation => ({ type: 'insert', key: at(id), value: id, expiresAt: null })

describe('a standby', () => {
  if ('missing' in database || database.server === undefined) {
    const reason = 'missing' in database ? database.missing : 'the server is not our own'
    it('answers nothing', (context) => context.skip(reason))
    return
  }
  const { server } = database

  it('CC-21 tells nothing that a decision could stand on, neither what is there nor what is not', async () => {
    const { client, close } = database.connect('pg', 2)
    await migrate(client)
    const storage = createPostgresStorage({ client })
    await storage.commit([insert('there')], now)
    const many = Array.from({ length: 20 }, (_, index) => at(`${index}`))
    const reads = [[at('there')], [at('absent')], [at('there'), at('absent')], many]

    await server.stop()
    writeFileSync(join(server.data, 'standby.signal'), '')
    await server.start()
    for (const keys of reads)
      await expect(storage.get(keys, now)).rejects.toMatchObject({ name: 'StorageError', code: 'busy' })
    await expect(storage.commit([insert('new')], now)).rejects.toMatchObject({ code: 'busy' })
    await expect(storage.commit([insert('new'), insert('newer')], now)).rejects.toMatchObject({
      code: 'busy',
    })

    await server.stop()
    rmSync(join(server.data, 'standby.signal'))
    await server.start()
    for (const keys of reads) expect(await storage.get(keys, now)).toHaveLength(keys.length)
    expect(await storage.commit([insert('new')], now)).toBe(true)
    await close()
  })
})
