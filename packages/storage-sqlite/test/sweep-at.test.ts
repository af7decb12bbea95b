import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { expect, it } from 'vitest'
import { sweepAt } from '../src/sweep-at.ts'
import { interceptDatabase } from './support/intercept-database.ts'

const now = 1_900_000_000_000
const day = 86_400_000

it('is never before the expiry, and after it by at most a minute or a quarter of the lifetime', () => {
  for (let lifetime = 1; lifetime < 400 * day; lifetime = Math.ceil(lifetime * 1.7)) {
    const late = Number(sweepAt(now + lifetime, now)) - (now + lifetime)
    expect([lifetime, late >= 0, late <= Math.max(60_000, lifetime / 4)]).toEqual([lifetime, true, true])
  }
  expect(sweepAt(now - 5, now)).toBeGreaterThanOrEqual(now - 5)
  expect(sweepAt(null, now)).toBeNull()
})

it('a record that is renewed every quarter of an hour for a day keeps its place in the index nearly always', async () => {
  const database = new Database(':memory:')
  let rewrites = 0
  const storage = createSqliteStorage({
    database: interceptDatabase(database, {
      run(sql, call) {
        if (/^update .* set .*sweep_at = /.test(sql)) rewrites++
        return call()
      },
    }),
  })
  const key = { partition: 'p', collection: 'grants', id: 'g' }
  await storage.commit([{ type: 'insert', key, value: 0, expiresAt: now + 14 * day }], now)
  const places = new Set<unknown>()
  const place = database.prepare('select sweep_at, expires_at from gatewright_records')
  for (let renewal = 1; renewal <= 96; renewal++) {
    const at = now + renewal * 900_000
    const [stored] = await storage.get([key], at)
    if (stored === undefined) throw new Error('the record is gone')
    const { revision } = stored
    await storage.commit([{ type: 'replace', key, revision, value: renewal, expiresAt: at + 14 * day }], at)
    const row = place.get() as { sweep_at: number; expires_at: number }
    expect(row.expires_at).toBe(at + 14 * day)
    places.add(row.sweep_at)
  }
  expect(places.size).toBeLessThanOrEqual(2)
  expect(rewrites).toBeLessThanOrEqual(1)
  database.close()
})

it('a sweep finds its records by the index and reads a key by one search', () => {
  const database = new Database(':memory:')
  createSqliteStorage({ database })
  const plan = (sql: string) =>
    (database.prepare(`explain query plan ${sql}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join('; ')
  expect(plan('select rowid from gatewright_records where sweep_at <= 5 order by sweep_at limit 5')).toMatch(
    /SEARCH gatewright_records USING COVERING INDEX gatewright_records_sweep_at \(sweep_at<\?\)$/,
  )
  expect(
    plan(`with wanted (position, p, c, i) as (values (0, 'a', 'b', 'c'), (1, 'a', 'b', 'd'))
      select position, value from wanted cross join gatewright_records on partition = p and collection = c and id = i`),
  ).toMatch(/SEARCH gatewright_records USING INDEX \S+ \(partition=\? AND collection=\? AND id=\?\)/)
  database.close()
})
