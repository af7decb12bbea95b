import type { Operation } from '@gatewright/storage'
import { toArrayLiteral } from './to-array-literal.ts'

/** One operation as the database takes it. */
export interface Step {
  readonly type: Operation['type']
  readonly partition: string
  readonly collection: string
  readonly id: string
  readonly expected: string | null
  readonly value: string | null
  readonly revision: string | null
  readonly expiresAt: number | null
  readonly sweepAt: number | null
}

/**
 * Orders the steps of a commit: what needs an existing record before the inserts, each in the order of the keys.
 * Any two commits then lock the records that they share in the same order, and a commit whose record has changed
 * finds out before it has written anything.
 */
export function orderSteps(steps: readonly Step[]): Step[] {
  return steps.toSorted(
    (one, other) =>
      Number(one.type === 'insert') - Number(other.type === 'insert') ||
      compare(one.collection, other.collection) ||
      compare(one.id, other.id),
  )
}

/** Returns the arrays that the function takes, and whether it has to lock records before it writes the first one. */
export function toColumns(steps: readonly Step[]): { columns: string[]; locksFirst: boolean } {
  const column = (pick: (step: Step) => string | number | null) => toArrayLiteral(steps.map(pick))
  return {
    columns: [
      column((step) => step.type),
      column((step) => step.collection),
      column((step) => step.id),
      column((step) => step.expected),
      column((step) => step.revision),
      column((step) => step.value),
      column((step) => step.expiresAt),
      column((step) => step.sweepAt),
    ],
    locksFirst: steps.filter((step) => step.type !== 'insert').length > 1,
  }
}

// Not by locale, which may differ between processes.
function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
