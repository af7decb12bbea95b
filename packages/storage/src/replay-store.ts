import { hashId } from '#platform'
import type { Storage } from './storage.ts'
import { verifyInstant } from './verify-instant.ts'

/**
 * Remembers what was presented once and must not be accepted twice: a DPoP or assertion `jti`, a `state`.
 *
 * @group Ports
 */
export interface ReplayStore {
  /**
   * Resolves to `true` for the first call with this `id` in this `namespace` until `expiresAt` (milliseconds), to
   * `false` for every other. An `expiresAt` that is not after `now` is `false` at once: what cannot be remembered
   * cannot be accepted.
   *
   * Atomicity: of any number of parallel calls, in any number of processes that share the storage, exactly one
   * gets `true`. It does not judge whether `expiresAt` is late enough: pass the moment from which the presented
   * thing is refused anyway, clock tolerance included.
   *
   * @throws TypeError (as a rejection) for an empty namespace or id, or a malformed instant.
   */
  once(namespace: string, id: string, expiresAt: number, now: number): Promise<boolean>
}

/**
 * Creates a replay store on any storage.
 *
 * Ids are stored as SHA-256 hashes, so they may have any length and content. Start the namespace with whatever
 * separates tenants. Two ids that differ only in lone surrogates count as one.
 *
 * @example
 * <!-- prelude
 * declare const proof: { jti: string; iat: number }
 * -->
 * ```ts
 * const replay = createReplayStore(createMemoryStorage())
 * const accepted = await replay.once('dpop', proof.jti, (proof.iat + 300) * 1000, Date.now())
 * ```
 * @see [RFC 9449 §11.1 - DPoP Proof Replay](https://www.rfc-editor.org/rfc/rfc9449.html#section-11.1)
 * @group Ports
 */
export function createReplayStore(storage: Pick<Storage, 'commit'>): ReplayStore {
  return {
    async once(namespace, id, expiresAt, now) {
      if (namespace === '' || id === '') throw new TypeError('namespace and id must not be empty')
      verifyInstant('expiresAt', expiresAt)
      verifyInstant('now', now)
      if (expiresAt <= now) return false
      const hash = await hashId(id)
      // The first characters of the hash spread the records over partitions, and so over a cluster.
      const key = { partition: `${namespace}:${hash.slice(0, 2)}`, collection: 'replays', id: hash }
      return storage.commit([{ type: 'insert', key, value: true, expiresAt }], now)
    },
  }
}
