import { createRevision, encodeValue, verifyInstant, verifyOperations } from '@gatewright/storage'
import type { Operation } from '@gatewright/storage'
import { orderSteps, toColumns } from './commit-steps.ts'
import type { Step } from './commit-steps.ts'
import type { SendStatement } from './send-statement.ts'
import type { Statements } from './statements.ts'
import { sweepAt } from './sweep-at.ts'
import { codeOf } from './to-storage-error.ts'

/**
 * Applies all operations or none, by one statement: a single operation by a conditional one of its own, several by
 * a function that the first migration created.
 */
export async function commitOperations(
  execute: SendStatement,
  statements: Statements,
  operations: readonly Operation[],
  now: number,
): Promise<boolean> {
  verifyOperations(operations)
  verifyInstant('now', now)
  const steps = operations.map((operation) => toStep(operation, now))
  const [first] = steps
  if (first === undefined) return false
  if (steps.length === 1) return applyOne(execute, statements, first, now)
  try {
    const rows = await applySeveral(execute, statements, first.partition, orderSteps(steps), now)
    return (rows[0] as { done?: unknown } | undefined)?.done === true
  } catch (error) {
    // Raised by the functions to undo what it had written when a key turned out to be taken.
    if (codeOf(error) === 'GW001') return false
    throw error
  }
}

/** Everything is copied here: the caller may change its objects while the database answers. */
function toStep(operation: Operation, now: number): Step {
  const { type, key } = operation
  const writes = type === 'insert' || type === 'replace'
  return {
    type,
    partition: key.partition,
    collection: key.collection,
    id: key.id,
    expected: 'revision' in operation ? operation.revision : null,
    value: writes ? encodeValue(operation.value) : null,
    revision: writes ? createRevision() : null,
    expiresAt: writes ? operation.expiresAt : null,
    sweepAt: writes ? sweepAt(operation.expiresAt, now) : null,
  }
}

async function applyOne(
  execute: SendStatement,
  statements: Statements,
  step: Step,
  now: number,
): Promise<boolean> {
  const key = [step.partition, step.collection, step.id]
  const content = [step.value, step.revision, step.expiresAt, step.sweepAt]
  const { expected } = step
  switch (step.type) {
    case 'insert':
      return isRow(await execute(statements.insert, [...key, ...content, now]))
    case 'replace':
      return isRow(await execute(statements.replace, [...key, ...content, now, expected]))
    case 'check':
      return isRow(await execute(statements.check, [...key, now, expected]))
    default:
      if (expected !== null) return isRow(await execute(statements.removeUnchanged, [...key, now, expected]))
      await execute(statements.remove, key)
      return true
  }
}

function applySeveral(
  execute: SendStatement,
  statements: Statements,
  partition: string,
  steps: readonly Step[],
  now: number,
): Promise<readonly unknown[]> {
  const [first, second, third] = steps
  if (first?.type === 'replace' && second?.type === 'insert' && third === undefined) {
    const replaced = [first.collection, first.id, first.expected, ...contentOf(first)]
    const inserted = [second.collection, second.id, ...contentOf(second)]
    return execute(statements.replaceInsert, [partition, ...replaced, ...inserted, now])
  }
  const { columns, locksFirst } = toColumns(steps)
  return execute(statements.commit, [partition, ...columns, now, locksFirst])
}

function contentOf({ revision, value, expiresAt, sweepAt }: Step) {
  return [revision, value, expiresAt, sweepAt]
}

function isRow(rows: readonly unknown[]): boolean {
  return rows.length > 0
}
