import { canonicalJson } from './canonical-json.ts'
import type { Caller } from './caller.ts'
import { createSeal, type SealOptions } from './sealed-value.ts'

type Params = Readonly<Record<string, unknown>>

/** Seals what a tool wants to find again in `requestState`, which travels through the client. */
export interface RequestStates {
  /**
   * Makes the text that goes into an `InputRequiredResult`. The client can read the payload, but not change it.
   *
   * @param params those of the request, as they stand in `extra.params`
   */
  seal(payload: unknown, params: Params, caller: Caller): Promise<string>
  /**
   * The payload of the `requestState` that a repeated request brings along, or `undefined` when it brings none, or one
   * that is not ours, too old, or of another caller, tool or arguments.
   */
  open(params: Params, caller: Caller): Promise<unknown>
}

/**
 * Seals states with a key, each for one subject, one client, one tool and the arguments of the call. A state may be opened more than once.
 *
 * @param options `lifetime` defaults to 600 seconds
 * @throws {TypeError} when the key is too short or the lifetime is not a positive whole number
 * @example
 * <!-- prelude
 * declare const extra: CallExtra
 * declare const caller: Caller
 * -->
 * ```ts
 * const states = createRequestStates({ key: process.env.STATE_KEY ?? '' })
 *
 * const earlier = await states.open(extra.params, caller)
 * const answer =
 *   earlier ?? { resultType: 'input_required', requestState: await states.seal({ step: 1 }, extra.params, caller) }
 * ```
 */
export function createRequestStates(options: SealOptions): RequestStates {
  const seal = createSeal(options)
  // With the arguments in it, an answer that was given for one call cannot be spent on another.
  const useOf = ({ name, uri, arguments: args }: Params, { issuer, subject, clientId }: Caller) => [
    'requestState',
    issuer ?? null,
    subject,
    clientId,
    name ?? uri ?? null,
    canonicalJson(args ?? {}),
  ]
  return {
    seal: (payload, params, caller) => seal.seal(payload, useOf(params, caller)),
    open: (params, caller) => seal.open(params.requestState, useOf(params, caller)),
  }
}
