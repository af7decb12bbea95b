import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from './support/client.ts'
import { bundlePrograms, freePort } from './support/programs.ts'
import type { Programs } from './support/programs.ts'
import { stores } from './support/stores.ts'
import type { Store } from './support/stores.ts'

describe('SIGTERM under load', () => {
  if (stores.postgres.missing !== undefined) {
    it.skip(stores.postgres.missing, () => undefined)
    return
  }
  let programs: Programs
  let store: Store
  beforeAll(async () => {
    programs = await bundlePrograms()
    store = await stores.postgres.start()
  }, 180_000)
  afterAll(async () => {
    await programs.close()
    await store.remove()
  })

  it.each(['express', 'node'])('CC-18 finishes what has begun, takes nothing new, and ends with 0 and no word (%s)', async (adapter) => {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const program = await programs.start('main', { PORT: String(port), STORAGE: store.url, ADAPTER: adapter })
    const client = createClient(origin)
    // The first token makes the signing key.
    await client.redeem(origin, await client.obtainCode())
    const codes = []
    for (let count = 0; count < 8; count++) codes.push(await client.obtainCode())
    // Nothing can be written until the lock is gone: all redemptions stop in the middle.
    const holder = new pg.Client({ connectionString: store.url })
    const observer = new pg.Client({ connectionString: store.url })
    await Promise.all([holder.connect(), observer.connect()])
    await holder.query('begin; lock table gatewright_records in exclusive mode')
    const answers = codes.map((code) => client.redeem(origin, code))
    const blocked = async () => {
      const { rows } = await observer.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")
      return rows.length
    }
    while ((await blocked()) < codes.length);

    program.kill('SIGTERM')
    while (await accepts(port));
    expect((await client.redeem(origin, { code: 'x', verifier: 'y' })).status).toBe('lost')
    expect(await blocked()).toBe(codes.length)
    await holder.query('commit')
    await Promise.all([holder.end(), observer.end()])
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(codes.map(() => 200))
    expect(await program.ended).toEqual({ status: 0, complaints: '' })
  }, 180_000) // prettier-ignore
})

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
