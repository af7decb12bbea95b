import type { Operation, Storage } from '@gatewright/storage'

/** A row of `gatewright_records`, in SQLite and in PostgreSQL alike. */
export interface RecordRow {
  readonly partition: string
  readonly collection: string
  readonly id: string
  /** JSON. */
  readonly value: string
  readonly expires_at: number | string | null
}

/** Inserts every row into a storage, and returns how many were new. Those that are there already are left as they are. */
export async function copyRecords(
  rows: Iterable<RecordRow> | AsyncIterable<RecordRow>,
  to: Pick<Storage, 'commit'>,
  now: number,
): Promise<number> {
  let copied = 0
  for await (const { partition, collection, id, value, expires_at: end } of rows) {
    const expiresAt = end === null ? null : Number(end)
    if (expiresAt !== null && expiresAt <= now) continue
    const key = { partition, collection, id }
    const insert: Operation = { type: 'insert', key, value: JSON.parse(value) as object, expiresAt }
    if (await to.commit([insert], now)) copied++
  }
  return copied
}
