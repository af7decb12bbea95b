import { createRevision, encodeValue, verifyInstant, verifyOperations } from '@gatewright/storage'
import type { Operation } from '@gatewright/storage'
import { commitScript } from './commit-script.ts'
import { encodeRecord } from './encode-record.ts'
import type { RecordKeys } from './record-keys.ts'
import type { RedisConnection } from './redis-connection.ts'
import { timeToLive } from './time-to-live.ts'

/** Applies all operations or none, by one script in one round trip. */
export async function commitOperations(
  connection: RedisConnection,
  names: RecordKeys,
  operations: readonly Operation[],
  now: number,
): Promise<boolean> {
  verifyOperations(operations)
  verifyInstant('now', now)
  const keys: [string, ...string[]] = [names.index(operations[0]?.key.partition ?? '')]
  const args = [String(now)]
  for (const operation of operations) {
    keys.push(names.record(operation.key))
    args.push(...stepOf(operation, now))
  }
  return Number(await commitScript(connection, keys, args)) === 1
}

/** The four arguments that the script takes for an operation. */
function stepOf(operation: Operation, now: number): string[] {
  switch (operation.type) {
    case 'check':
      return ['c', operation.revision, '', '']
    case 'delete':
      return operation.revision === undefined ? ['x', '', '', ''] : ['d', operation.revision, '', '']
    default: {
      const { value, expiresAt } = operation
      const record = encodeRecord(expiresAt, createRevision(), encodeValue(value))
      const kind = operation.type === 'insert' ? ['i', ''] : ['r', operation.revision]
      return [...kind, record, timeToLive(expiresAt, now)]
    }
  }
}
