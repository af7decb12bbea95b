import type { DescribedOperation, Operation } from './operation.ts'

/** Names operations by their `operationId`, or decides for each. */
export type OperationSelector = readonly string[] | ((operation: Operation) => boolean)

/**
 * The operations that a bridge is to offer.
 *
 * @throws {TypeError} when a selector names an operation that the document does not have
 */
export function selectOperations(
  operations: readonly DescribedOperation[],
  include: OperationSelector | undefined,
  exclude: OperationSelector | undefined,
): readonly DescribedOperation[] {
  const included = include === undefined ? () => true : selector(include, 'include', operations)
  const excluded = exclude === undefined ? () => false : selector(exclude, 'exclude', operations)
  return operations.filter((operation) => included(operation) && !excluded(operation))
}

function selector(
  selected: OperationSelector,
  what: string,
  operations: readonly DescribedOperation[],
): (operation: Operation) => boolean {
  if (typeof selected === 'function') return selected
  checkNames(selected, what, operations)
  return ({ id }) => selected.includes(id)
}

/** @throws {TypeError} for a name that no operation has: a misspelt one would exclude nothing */
export function checkNames(names: readonly string[], what: string, operations: readonly Operation[]): void {
  const ids = new Set(operations.map(({ id }) => id))
  const unknown = names.find((name) => !ids.has(name))
  if (unknown !== undefined)
    throw new TypeError(`${what} names "${unknown}", which is no operationId of the document`)
}
