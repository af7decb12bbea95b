import type { Key } from './key.ts'
import type { Operation } from './operation.ts'
import type { Stored } from './stored.ts'

/**
 * The two methods on which everything that Gatewright keeps stands.
 *
 * Every method takes `now`, in milliseconds. A record whose `expiresAt` is not after it is absent, for reading and
 * for every condition; the clock of a database server is never asked. A driver may remove a record for good once it
 * has expired, so an earlier `now` does not bring it back.
 *
 * Misuse rejects with a `TypeError`, a storage that is full or stays busy with a {@link StorageError}, anything
 * else with the driver's own error. After a rejection of `commit` by anything but a `TypeError` or a `StorageError`
 * (a lost connection) the commit may have happened or not: read again.
 *
 * @group Contract
 */
export interface Storage {
  /** Whether everything is forgotten when the process ends. @default false */
  readonly volatile?: boolean

  /**
   * Reads many records in one round trip: `undefined` where none is alive, in the order of the keys.
   *
   * Atomicity: the records of one partition are a snapshot of one moment. Records of different partitions may come
   * from different moments. It checks nothing that a later commit relies on: repeat it there with `check`.
   */
  get(keys: readonly Key[], now: number): Promise<(Stored | undefined)[]>

  /**
   * Applies all operations or, when the condition of any does not hold, none; resolves to which of the two.
   *
   * Atomicity: serializable. All conditions are judged and all writes appear at one moment, before the promise
   * resolves, also among processes; a crash leaves all or nothing. `false` is an answer, not a verdict: any other
   * writer may have won, only a new read tells.
   *
   * @throws TypeError (as a rejection) without operations, when they name two partitions or one key twice, and for
   *   a malformed key, instant or value; nothing is written then.
   */
  commit(operations: readonly [Operation, ...Operation[]], now: number): Promise<boolean>
}
