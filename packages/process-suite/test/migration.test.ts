import { openStorage } from '@gatewright-examples/target/storage'
import Database from 'libsql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from './support/client.ts'
import { copyRecords } from './support/copy-records.ts'
import type { RecordRow } from './support/copy-records.ts'
import { bundlePrograms, freePort } from './support/programs.ts'
import type { Programs } from './support/programs.ts'
import { stores } from './support/stores.ts'

const select = 'select partition, collection, id, value, expires_at from gatewright_records'

async function readRows(url: string): Promise<RecordRow[]> {
  if (url.startsWith('sqlite:')) {
    const database = new Database(url.slice('sqlite:'.length))
    const rows = database.prepare(select).all() as RecordRow[]
    database.close()
    return rows
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<RecordRow>(select)
  await client.end()
  return rows
}

describe('a move to another database, as the guide describes it,', () => {
  let programs: Programs
  beforeAll(async () => {
    programs = await bundlePrograms()
  }, 180_000)
  afterAll(() => programs.close())

  it.for([
    ['sqlite', 'postgres'],
    ['sqlite', 'redis'],
    ['postgres', 'redis'],
    ['postgres', 'sqlite'],
  ] as const)(
    'from %s to %s keeps keys, tokens, what was used and what was revoked',
    { timeout: 180_000 },
    async ([from, to], context) => {
      const missing = stores[from].missing ?? stores[to].missing
      if (missing !== undefined) context.skip(missing)
      const [source, target] = [await stores[from].start(), await stores[to].start()]
      const port = String(await freePort())
      const origin = `http://127.0.0.1:${port}`
      const client = createClient(origin)
      const start = (url: string) =>
        programs.start('server', { PORT: port, STORAGE: url, ACCESS_TOKEN_FORMAT: 'opaque' })
      const before = await start(source.url)
      const used = await client.obtainCode()
      const kept = (await client.redeem(origin, used)).json
      const revoked = (await client.redeem(origin, await client.obtainCode())).json
      await client.revoke(origin, revoked.refresh_token)
      const waiting = await client.obtainCode()
      before.kill('SIGKILL')
      await before.ended

      const rows = await readRows(source.url)
      const after = await start(target.url)
      const storage = openStorage(target.url)
      expect(await copyRecords(rows, storage, Date.now())).toBe(rows.length)
      expect(await copyRecords(rows, storage, Date.now())).toBe(0)

      expect(await client.isActive(origin, kept.access_token)).toBe(true)
      expect(await client.isActive(origin, revoked.access_token)).toBe(false)
      const next = await client.refresh(origin, kept.refresh_token)
      expect(next.status).toBe(200)
      expect((await client.refresh(origin, revoked.refresh_token)).json.error).toBe('invalid_grant')
      expect((await client.redeem(origin, waiting)).status).toBe(200)
      expect((await client.redeem(origin, used)).json.error).toBe('invalid_grant')
      expect(await client.isActive(origin, next.json.access_token)).toBe(false)
      after.kill('SIGKILL')
      await after.ended
      await Promise.all([source.remove(), target.remove()])
    },
  )
})
