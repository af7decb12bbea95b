import { checkNames } from './select-operations.ts'
import type { Operation } from './operation.ts'

/** Who may call an operation: holders of all these scopes, or every caller with a valid token. */
export type OperationRequirement = readonly string[] | 'public'

/**
 * Says who may call which operation: by `operationId`, by the scopes of the document's `security`, or by a function. An operation of
 * which nothing is said is not offered.
 */
export type OperationScopes =
  | 'security'
  | Readonly<Record<string, OperationRequirement>>
  | ((operation: Operation) => OperationRequirement | undefined)

/** @throws {TypeError} when the map names an operation that the document does not have */
export function operationScopes(
  scopes: OperationScopes,
  operations: readonly Operation[],
): (operation: Operation) => OperationRequirement | undefined {
  if (scopes === 'security') return ({ securityScopes }) => securityScopes
  if (typeof scopes === 'function') return scopes
  checkNames(Object.keys(scopes), 'scopes', operations)
  return ({ id }) => (Object.hasOwn(scopes, id) ? scopes[id] : undefined)
}
