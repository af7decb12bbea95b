import { createMemoryStorage } from '@gatewright/storage'
import type { Key, Listing, Operation, Storage } from '@gatewright/storage'

/** One round trip to a storage. */
export interface StorageCall {
  readonly kind: 'get' | 'commit'
  readonly keys: readonly Key[]
  /** What a commit was asked to write. */
  readonly operations: readonly Operation[]
}

/** What a test does around the round trips: count, wait, throw, or lose a commit. */
export interface StorageHooks {
  before?: ((call: StorageCall) => unknown) | undefined
  /** Runs when the storage has answered; what it throws comes too late to undo a commit. */
  after?: ((call: StorageCall) => unknown) | undefined
  /** Answers a commit with `false` without asking the storage. */
  lose?: ((call: StorageCall) => boolean) | undefined
}

/** A storage around another one, whose hooks a test may change at any time. */
export function hookedStorage(hooks: StorageHooks = {}, inner: Storage & Listing = createMemoryStorage()) {
  const calls: StorageCall[] = []
  const storage: Storage & Listing = {
    async get(keys, now) {
      const call: StorageCall = { kind: 'get', keys, operations: [] }
      calls.push(call)
      await hooks.before?.(call)
      const found = await inner.get(keys, now)
      await hooks.after?.(call)
      return found
    },
    async commit(operations, now) {
      const call: StorageCall = { kind: 'commit', keys: operations.map(({ key }) => key), operations }
      calls.push(call)
      await hooks.before?.(call)
      if (hooks.lose?.(call) === true) return false
      const held = await inner.commit(operations, now)
      await hooks.after?.(call)
      return held
    },
    list: (...parameters) => inner.list(...parameters),
  }
  return {
    storage,
    hooks,
    calls,
    /** Everything that was ever written, as text: what a thief of the database could read. */
    dump: () =>
      JSON.stringify(calls.filter(({ kind }) => kind === 'commit').map(({ operations }) => operations)),
  }
}

/** A fresh storage with the records that these calls have left behind. */
export async function replay(calls: readonly StorageCall[]): Promise<Storage & Listing> {
  const records = new Map<string, Operation & { type: 'insert' | 'replace' }>()
  for (const operation of calls.flatMap(({ operations }) => operations)) {
    const name = JSON.stringify(operation.key)
    if (operation.type === 'delete') records.delete(name)
    else if (operation.type !== 'check') records.set(name, operation)
  }
  const storage = createMemoryStorage()
  for (const { key, value, expiresAt } of records.values())
    await storage.commit([{ type: 'insert', key, value, expiresAt }], 0)
  return storage
}
