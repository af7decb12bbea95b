import type { Operation } from './operation.ts'
import { verifyInstant } from './verify-instant.ts'
import { verifyKey } from './verify-keys.ts'

/**
 * Throws a `TypeError` unless the operations may form one commit: at least one, all in one partition, each key once,
 * every key, revision and expiry well-formed. Values are checked by {@link encodeValue}. For authors of drivers.
 *
 * @group For drivers
 */
export function verifyOperations(operations: readonly Operation[]): void {
  if (!Array.isArray(operations) || operations.length === 0)
    throw new TypeError('a commit needs at least one operation')
  for (const operation of operations) verifyOperation(operation)
  verifyOnePartition(operations)
  verifyEachKeyOnce(operations)
}

function verifyOperation(operation: Operation): void {
  verifyKey(operation.key)
  switch (operation.type) {
    case 'insert':
      return verifyExpiry(operation.expiresAt)
    case 'replace':
      verifyRevision(operation.revision)
      return verifyExpiry(operation.expiresAt)
    case 'check':
      return verifyRevision(operation.revision)
    case 'delete':
      // `revision: undefined` is a lost condition, not a missing one: it would delete whatever is there.
      if ('revision' in operation) verifyRevision(operation.revision)
      return
    default:
      throw new TypeError('an operation is one of insert, replace, check and delete')
  }
}

function verifyExpiry(expiresAt: number | null): void {
  if (expiresAt !== null) verifyInstant('expiresAt', expiresAt)
}

function verifyRevision(revision: unknown): void {
  if (typeof revision !== 'string') throw new TypeError('revision must be a string')
}

function verifyOnePartition(operations: readonly Operation[]): void {
  const partition = operations[0]?.key.partition
  if (operations.some(({ key }) => key.partition !== partition))
    throw new TypeError('all operations of a commit must share one partition')
}

function verifyEachKeyOnce(operations: readonly Operation[]): void {
  if (operations.length === 1) return
  // NUL is no part of a key, so two keys cannot meet in one text.
  const seen = new Set(operations.map(({ key }) => `${key.collection}\0${key.id}`))
  if (seen.size !== operations.length) throw new TypeError('a commit names each key once')
}
