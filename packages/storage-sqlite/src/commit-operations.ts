import { createRevision, encodeValue, verifyInstant, verifyOperations } from '@gatewright/storage'
import type { Operation } from '@gatewright/storage'
import { inTransaction } from './in-transaction.ts'
import type { Statements } from './statements.ts'
import { sweepAt } from './sweep-at.ts'

/**
 * Applies all operations or none, in a transaction that holds the write lock from its start, so it never has to give way
 * half-way.
 */
export function commitOperations(
  statements: Statements,
  operations: readonly Operation[],
  now: number,
): boolean {
  verifyOperations(operations)
  verifyInstant('now', now)
  // Encoded before the lock is taken, and before any condition is judged: a bad value is an error either way.
  const steps = operations.map((operation) => ({
    operation,
    text: 'value' in operation ? encodeValue(operation.value) : '',
  }))
  return inTransaction(statements, statements.beginImmediate, () =>
    steps.every(({ operation, text }) => apply(statements, operation, text, now)),
  )
}

/** Applies one operation and tells whether its condition held. */
function apply(statements: Statements, operation: Operation, text: string, now: number): boolean {
  const { partition, collection, id } = operation.key
  switch (operation.type) {
    case 'insert': {
      const { expiresAt } = operation
      const sweep = sweepAt(expiresAt, now)
      return changed(
        statements.insert.run(partition, collection, id, text, createRevision(), expiresAt, sweep, now),
      )
    }
    case 'replace': {
      const { revision, expiresAt } = operation
      const sweep = sweepAt(expiresAt, now)
      const next = createRevision()
      const { replaceInPlace, replace } = statements
      return (
        changed(replaceInPlace.run(text, next, expiresAt, partition, collection, id, revision, now, sweep)) ||
        changed(replace.run(text, next, expiresAt, sweep, partition, collection, id, revision, now))
      )
    }
    case 'check':
      return statements.check(partition, collection, id, operation.revision, now).length > 0
    default:
      if (operation.revision !== undefined)
        return changed(statements.removeUnchanged.run(partition, collection, id, operation.revision, now))
      statements.remove.run(partition, collection, id)
      return true
  }
}

function changed({ changes }: { changes: number | bigint }): boolean {
  return Number(changes) > 0
}
