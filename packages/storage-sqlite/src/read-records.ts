import { verifyInstant, verifyKeys } from '@gatewright/storage'
import type { Key, Revision, Stored } from '@gatewright/storage'
import { inTransaction } from './in-transaction.ts'
import type { Statements } from './statements.ts'

/** What a read selects. */
export interface Row {
  readonly position?: number | bigint
  readonly value: string
  readonly revision: string
  readonly expires_at: number | bigint | null
}

/** The most keys that one statement asks for; each number of keys is a statement of its own that stays prepared. */
const chunk = 50

/**
 * Reads records by key: one statement for up to 50 keys, beyond that several in one read transaction, so that it is
 * a snapshot in any case.
 */
export function readRecords(
  statements: Statements,
  keys: readonly Key[],
  now: number,
): (Stored | undefined)[] {
  verifyKeys(keys)
  verifyInstant('now', now)
  const found: (Stored | undefined)[] = keys.map(() => undefined)
  if (keys.length <= chunk) readChunk(statements, keys, 0, now, found)
  else
    inTransaction(statements, statements.begin, () => {
      for (let start = 0; start < keys.length; start += chunk)
        readChunk(statements, keys.slice(start, start + chunk), start, now, found)
    })
  return found
}

function readChunk(
  statements: Statements,
  keys: readonly Key[],
  start: number,
  now: number,
  found: (Stored | undefined)[],
): void {
  const [first] = keys
  if (first === undefined) return
  if (keys.length === 1) {
    const [row] = statements.read(first.partition, first.collection, first.id, now) as Row[]
    if (row !== undefined) found[start] = toStored(first, row)
    return
  }
  const parameters = keys.flatMap(({ partition, collection, id }) => [partition, collection, id])
  for (const row of statements.readMany(keys.length)(...parameters, now) as Row[]) {
    const position = Number(row.position)
    const key = keys[position]
    if (key !== undefined) found[start + position] = toStored(key, row)
  }
}

/** Takes only the columns: a driver may add members of its own to a row. */
export function toStored({ partition, collection, id }: Key, row: Row): Stored {
  return {
    key: { partition, collection, id },
    value: JSON.parse(row.value) as unknown,
    revision: row.revision as Revision,
    // A connection may be set to return every integer as a bigint.
    expiresAt: row.expires_at === null ? null : Number(row.expires_at),
  }
}
