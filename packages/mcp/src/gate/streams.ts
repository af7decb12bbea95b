import type { AccessToken } from '@gatewright/resource-server'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { principalOf } from './principal.ts'
import { errorResponse, type RequestId } from './rpc-response.ts'

/** How many streams may be open at once. */
export interface StreamLimits {
  /** Of one caller. @default 32 */
  readonly perCaller?: number | undefined
  /** Of all together. @default 10000 */
  readonly total?: number | undefined
}

/** The streams on which clients wait for news. */
export interface Streams {
  /**
   * Takes a place for the stream that a request asks for, or answers 429 when the caller has too many already. It is taken before
   * anything is waited for: of a thousand requests at once, each would otherwise see the place free.
   */
  take(caller: AccessToken, id?: RequestId): Place | Response
}

/** A place among the open streams. It is given up once, by the end of the stream or because there is none. */
export interface Place {
  /** Keeps it for a stream of news until that ends, for whatever reason, and ends it when the token does. */
  hold(response: Response, ended: () => void): Response
  /** Keeps it for the stream of an answer until that ends. A call that was permitted is answered, however long it takes. */
  count(response: Response): Response
  leave(): void
}

const longestTimeout = 2 ** 31 - 1

/**
 * Makes the count.
 *
 * @throws {TypeError} when a limit is no positive whole number
 */
export function createStreams({ perCaller = 32, total = 10_000 }: StreamLimits, now: () => number): Streams {
  for (const limit of [perCaller, total])
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new TypeError('the limits of streams must be positive whole numbers')
  const open = new Map<string, number>()
  let count = 0

  function add(principal: string, difference: 1 | -1): void {
    count += difference
    const own = (open.get(principal) ?? 0) + difference
    if (own === 0) open.delete(principal)
    else open.set(principal, own)
  }
  return {
    take(caller, id) {
      const principal = principalOf(caller)
      if (count < total && (open.get(principal) ?? 0) < perCaller) {
        add(principal, 1)
        return placeOf(
          () => add(principal, -1),
          () => caller.expiresAt - now(),
        )
      }
      const error = new JsonRpcError(errorCode.transport, 'Too many open streams')
      return errorResponse(429, error, id ?? null, { 'retry-after': '60' })
    },
  }
}

function placeOf(giveUp: () => void, left: () => number): Place {
  let taken = true
  function leave(): void {
    if (taken) giveUp()
    taken = false
  }
  function until(response: Response, signal: AbortSignal | undefined, ended: () => void): Response {
    const end = () => {
      leave()
      ended()
    }
    const { body, status, headers } = response
    if (body !== null && response.ok)
      return new Response(endingStream(body, signal, end), { status, headers })
    end()
    return response
  }
  return {
    leave,
    hold(response, ended) {
      // A stream that outlives its token would go on telling what the token no longer permits.
      const timeout = AbortSignal.timeout(Math.min(longestTimeout, Math.max(0, left())))
      return until(response, timeout, ended)
    },
    count(response) {
      if (response.headers.get('content-type')?.startsWith('text/event-stream') === true)
        return until(response, undefined, () => {})
      leave()
      return response
    },
  }
}

/** The same stream, that ends with the signal if there is one, and tells once when it has ended. */
function endingStream(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
  ended: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let over = false
  function end(): void {
    if (over) return
    over = true
    signal?.removeEventListener('abort', expire)
    ended()
  }
  let expire = () => {}
  return new ReadableStream<Uint8Array>({
    start(controller) {
      expire = () => {
        end()
        controller.close()
        reader.cancel().catch(() => {})
      }
      signal?.addEventListener('abort', expire, { once: true })
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (over) return
        if (!done) controller.enqueue(value)
        else {
          end()
          controller.close()
        }
      } catch (error) {
        if (over) return
        end()
        controller.error(error)
      }
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  })
}
