import type { Key } from '@gatewright/storage'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { expect, it } from 'vitest'
import { interceptDatabase } from './support/intercept-database.ts'
import { createTemporaryFile } from './support/temporary-file.ts'

const now = 1_900_000_000_000
const expired = 20_000

it('DS-05 a sweep of 20,000 records holds the write lock for 50 at a time, and another session issues in between', async () => {
  const file = createTemporaryFile()
  const [own, other] = [new Database(file.path), new Database(file.path)]
  const batches: number[] = []
  const sweeping = createSqliteStorage({
    database: interceptDatabase(own, {
      run(sql, call) {
        const result = call()
        if (sql.startsWith('delete') && sql.includes('sweep_at')) batches.push(Number(result.changes))
        return result
      },
    }),
  })
  own.exec(
    `insert into gatewright_records with recursive n (i) as (values (1) union all select i + 1 from n where i < ${expired})
    select 'p', 'tokens', 't' || i, '1', 'r', ${now - 1}, ${now - 1} from n`,
  )

  const issuing = createSqliteStorage({ database: other })
  const at = (number: number): Key => ({ partition: 'p', collection: 'grants', id: `g${number}` })
  const state = { done: false, issued: 0, between: new Set<number>() }
  const session = (async () => {
    while (!state.done) {
      const insert = { type: 'insert', key: at(state.issued), value: 1, expiresAt: now + 1000 } as const
      if (await issuing.commit([insert], now)) state.issued++
      state.between.add(batches.length)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  })()
  expect(await sweeping.sweep({ now, limit: 1_000_000 })).toBe(expired)
  state.done = true
  await session

  expect(Math.max(...batches)).toBe(50)
  expect(batches).toHaveLength(expired / 50 + 1)
  expect(state.between.size).toBeGreaterThan(100)
  const kept = await issuing.get(
    Array.from({ length: state.issued }, (_, number) => at(number)),
    now,
  )
  expect(kept.every((record) => record !== undefined)).toBe(true)
  expect(own.prepare('select count(*) as count from gatewright_records').get()).toMatchObject({
    count: state.issued,
  })
  own.close()
  other.close()
  file.remove()
}, 120_000)
