import {
  constantTimeEqual,
  decodeBase64url,
  defaultRuntime,
  encodeBase64url,
  hmacSha256,
  type Runtime,
} from '@gatewright/core'
import type { Caller } from './caller.ts'

/** Seals what a tool wants to find again in `requestState`, which travels through the client. */
export interface RequestStates {
  /** Makes the text that goes into an `InputRequiredResult`. The client can read the payload, but not change it. */
  seal(payload: unknown, tool: string, caller: Caller): Promise<string>
  /** The payload, or `undefined` when the text is not ours, too old, or of another tool or caller. */
  open(state: unknown, tool: string, caller: Caller): Promise<unknown>
}

/** Options of `createRequestStates`. */
export interface RequestStatesOptions {
  /** At least 32 characters or bytes, the same in every process that serves the tool. */
  readonly key: string | Uint8Array<ArrayBuffer>
  /** Seconds until a state is too old. @default 600 */
  readonly lifetime?: number | undefined
  /** The clock. @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

const maximumLength = 64 * 1024

/**
 * Seals states with a key, each for one tool, one subject and one client. A state may be opened more than once.
 *
 * @throws {TypeError} when the key is too short or the lifetime is not a positive whole number
 * @example
 * <!-- prelude
 * declare const extra: CallExtra
 * declare const caller: Caller
 * -->
 * ```ts
 * const states = createRequestStates({ key: process.env.STATE_KEY ?? '' })
 *
 * const earlier = await states.open(extra.params.requestState, 'ask', caller)
 * const answer =
 *   earlier ?? { resultType: 'input_required', requestState: await states.seal({ step: 1 }, 'ask', caller) }
 * ```
 * @see [RFC 2104 §2 - Definition of HMAC](https://www.rfc-editor.org/rfc/rfc2104.html#section-2)
 */
export function createRequestStates(options: RequestStatesOptions): RequestStates {
  const { key, lifetime = 600, runtime = defaultRuntime } = options
  if (key.length < 32) throw new TypeError('the key of request states needs at least 32 characters or bytes')
  if (!Number.isSafeInteger(lifetime) || lifetime < 1)
    throw new TypeError('lifetime must be a positive whole number of seconds')

  // The tag covers whom and what the state is for, so nobody else's tag fits it.
  const tagOf = async (body: string, tool: string, { subject, clientId }: Caller) =>
    encodeBase64url(await hmacSha256(key, JSON.stringify(['requestState', tool, subject, clientId, body])))

  return {
    async seal(payload, tool, caller) {
      const expiresAt = runtime.now() + lifetime * 1000
      const body = encodeBase64url(new TextEncoder().encode(JSON.stringify([expiresAt, payload ?? null])))
      return `${body}.${await tagOf(body, tool, caller)}`
    },
    async open(state, tool, caller) {
      if (typeof state !== 'string' || state.length > maximumLength) return undefined
      const [body = '', tag = '', ...rest] = state.split('.')
      if (rest.length > 0 || !constantTimeEqual(tag, await tagOf(body, tool, caller))) return undefined
      const bytes = decodeBase64url(body)
      if (bytes === undefined) return undefined
      const [expiresAt, payload] = JSON.parse(new TextDecoder().decode(bytes)) as [number, unknown]
      return runtime.now() < expiresAt ? payload : undefined
    },
  }
}
