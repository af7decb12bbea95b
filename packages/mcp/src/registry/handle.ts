import type { Caller } from './caller.ts'
import { createSeal, type SealOptions } from './sealed-value.ts'

/** Names of things that a tool keeps for a caller, which only that caller can use. */
export interface Handles {
  /** Makes the text that the model gets to see. */
  seal(id: string, caller: Caller): Promise<string>
  /** The id, or `undefined` when the handle is not ours, too old, of another kind or of another caller. */
  open(handle: unknown, caller: Caller): Promise<string | undefined>
}

/** Options of `createHandles`. */
export interface HandlesOptions extends SealOptions {
  /** What the handles name, for example `basket`: a handle of one kind is none of another. */
  readonly kind: string
}

/**
 * Makes handles for state that outlives a call, such as a basket: possession of one is not enough to use it.
 *
 * What is behind an id is kept by you; whether it still exists is not checked here.
 *
 * @param options `lifetime` defaults to 86,400 seconds
 * @throws {TypeError} when the key is too short or the lifetime is not a positive whole number
 * @example
 * <!-- prelude
 * declare const caller: Caller
 * -->
 * ```ts
 * const baskets = createHandles({ kind: 'basket', key: process.env.STATE_KEY ?? '' })
 *
 * const handle = await baskets.seal('b-17', caller)
 * const id = await baskets.open(handle, caller) // 'b-17'; undefined for everybody else
 * ```
 */
export function createHandles({ kind, lifetime = 86_400, ...options }: HandlesOptions): Handles {
  const seal = createSeal({ ...options, lifetime })
  const useOf = ({ issuer, subject, clientId }: Caller) => ['handle', kind, issuer ?? null, subject, clientId]
  return {
    seal: (id, caller) => seal.seal(id, useOf(caller)),
    async open(handle, caller) {
      const id = await seal.open(handle, useOf(caller))
      return typeof id === 'string' ? id : undefined
    },
  }
}
