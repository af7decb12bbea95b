import { createRevision, encodeValue, verifyInstant, verifyOperations } from '@gatewright/storage'
import type { Operation } from '@gatewright/storage'
import { sweepAt } from '../sweep-at.ts'
import type { SendBatch } from './create-send-batch.ts'
import type { D1Statements } from './d1-statements.ts'

/** One operation as the statements take it; what a kind does not have is absent, which SQL reads as null. */
interface D1Step {
  readonly type: Operation['type']
  readonly collection: string
  readonly id: string
  readonly expected?: string
  readonly value?: string
  readonly revision?: string
  readonly expiresAt?: number | null
  readonly sweepAt?: number | null
}

/**
 * Applies all operations or none, by one batch, which is one transaction: first a guard, which fails (and the batch
 * with it) unless every condition holds, then one or two statements for each kind of write.
 */
export async function commitBatch(
  send: SendBatch,
  statements: D1Statements,
  operations: readonly Operation[],
  now: number,
): Promise<boolean> {
  verifyOperations(operations)
  verifyInstant('now', now)
  const partition = operations[0]?.key.partition ?? ''
  const steps = operations.map((operation) => toStep(operation, now))
  const of = (...types: Operation['type'][]) => steps.filter(({ type }) => types.includes(type))
  const guarded = steps.filter(({ type, expected }) => type !== 'delete' || expected !== undefined)
  const batch = [
    { sql: statements.guard, steps: guarded, more: [now] },
    // The second one finds what the first has not changed: those have another revision by then.
    { sql: statements.replaceInPlace, steps: of('replace') },
    { sql: statements.replace, steps: of('replace') },
    { sql: statements.insert, steps: of('insert') },
    { sql: statements.remove, steps: of('delete') },
  ].filter(({ steps: some }) => some.length > 0)
  try {
    await send(
      batch.map(({ sql, steps: some, more = [] }) => ({
        sql,
        values: [JSON.stringify(some), partition, ...more],
      })),
    )
    return true
  } catch (error) {
    if (isRefusedByGuard(error)) return false
    throw error
  }
}

/** Everything is copied here: the caller may change its objects while the database answers. */
function toStep(operation: Operation, now: number): D1Step {
  const { type, key } = operation
  const address = { type, collection: key.collection, id: key.id }
  const expected =
    'revision' in operation && operation.revision !== undefined ? { expected: operation.revision } : {}
  if (type !== 'insert' && type !== 'replace') return { ...address, ...expected }
  const { value, expiresAt } = operation
  return {
    ...address,
    ...expected,
    value: encodeValue(value),
    revision: createRevision(),
    expiresAt,
    sweepAt: sweepAt(expiresAt, now),
  }
}

function isRefusedByGuard(error: unknown): boolean {
  return error instanceof Error && /NOT NULL constraint failed: .*\.partition\b/.test(error.message)
}
