import type { Key, Revision } from '@gatewright/storage'
import { createD1Storage } from '@gatewright/storage-sqlite/d1'
import type { D1Database } from '@gatewright/storage-sqlite/d1'

/** What a Worker is asked to do. */
export type D1Call =
  | { name: 'batch'; batch: { sql: string; values: unknown[] }[] }
  | { name: 'insert'; key: Key; count: number }
  | { name: 'exchange'; code: { key: Key; revision: Revision }; count: number }

/** What it gave, or why it did not. */
export interface D1Reply {
  readonly result?: unknown
  readonly error?: string
}

const now = 1_900_000_000_000
const winners = async (count: number, attempt: (index: number) => Promise<boolean>) =>
  (await Promise.all(Array.from({ length: count }, (_, index) => attempt(index)))).filter(Boolean).length

async function perform(call: D1Call, database: D1Database): Promise<unknown> {
  if (call.name === 'batch')
    return database.batch(call.batch.map(({ sql, values }) => database.prepare(sql).bind(...values)))
  const storage = createD1Storage({ database })
  if (call.name === 'insert') {
    const insert = { type: 'insert', key: call.key, value: 1, expiresAt: null } as const
    return winners(call.count, () => storage.commit([insert], now))
  }
  const { code, count } = call
  return winners(count, (index) =>
    storage.commit(
      [
        { type: 'replace', ...code, value: 'used', expiresAt: now + 60_000 },
        {
          type: 'insert',
          key: { ...code.key, id: `token-${crypto.randomUUID()}` },
          value: index,
          expiresAt: null,
        },
      ],
      now,
    ),
  )
}

const worker = {
  async fetch(request: Request, env: { DB: D1Database }): Promise<Response> {
    const reply: D1Reply = await perform(await request.json(), env.DB).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    )
    return Response.json(reply)
  },
}
// oxlint-disable-next-line import/no-default-export -- what the runtime looks for
export default worker
