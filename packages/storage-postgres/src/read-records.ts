import { StorageError, verifyInstant, verifyKeys } from '@gatewright/storage'
import type { Key, Revision, Stored } from '@gatewright/storage'
import type { SendStatement } from './send-statement.ts'
import type { Statements } from './statements.ts'
import { toArrayLiteral } from './to-array-literal.ts'

interface Row {
  /** Counted from one. */
  readonly position?: number | string | bigint
  readonly value: string
  /** Missing in the row by which a server says that it is a standby. */
  readonly revision: string | null
  readonly expires: number | string | bigint | null
}

/** Up to here each number of keys is a statement of its own, which stays prepared. */
const few = 16

/** Reads records by key: one statement, and so one snapshot, however many keys. */
export async function readRecords(
  execute: SendStatement,
  statements: Statements,
  keys: readonly Key[],
  now: number,
): Promise<(Stored | undefined)[]> {
  verifyKeys(keys)
  verifyInstant('now', now)
  // The caller may change its objects while the database answers.
  const wanted = keys.map(({ partition, collection, id }) => ({ partition, collection, id }))
  const rows = await readRows(execute, statements, wanted, now)
  const found: (Stored | undefined)[] = wanted.map(() => undefined)
  for (const row of rows as readonly Row[]) {
    if (row.revision === null)
      throw new StorageError('busy', 'the database is a standby, which may lag behind')
    const position = Number(row.position ?? 1) - 1
    const key = wanted[position]
    if (key !== undefined) found[position] = toStored(key, row)
  }
  return found
}

async function readRows(
  execute: SendStatement,
  statements: Statements,
  keys: readonly Key[],
  now: number,
): Promise<readonly unknown[]> {
  const [first] = keys
  if (first === undefined) return []
  if (keys.length === 1) return execute(statements.read, [first.partition, first.collection, first.id, now])
  if (keys.length <= few)
    return execute(statements.readFew(keys.length), [
      ...keys.flatMap(({ partition, collection, id }) => [partition, collection, id]),
      now,
    ])
  const parts = (['partition', 'collection', 'id'] as const).map((part) =>
    toArrayLiteral(keys.map((key) => key[part])),
  )
  return execute(statements.readMany, [...parts, now])
}

/** Drivers give a bigint as text, as a number or as a bigint. */
function toStored(key: Key, row: Row): Stored {
  return {
    key,
    value: JSON.parse(row.value) as unknown,
    revision: row.revision as string as Revision,
    expiresAt: row.expires === null ? null : Number(row.expires),
  }
}
