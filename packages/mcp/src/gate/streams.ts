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
  /** The 429 that a caller gets who has too many already. */
  refusal(caller: AccessToken, id?: RequestId): Response | undefined
  /** Counts a stream of news until it ends, for whatever reason, and ends it when the token does. */
  hold(caller: AccessToken, response: Response, ended: () => void): Response
  /** Counts the stream of an answer until it ends. A call that was permitted is answered, however long it takes. */
  count(caller: AccessToken, response: Response): Response
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
  function counted(
    caller: AccessToken,
    response: Response,
    signal: AbortSignal | undefined,
    ended: () => void,
  ) {
    const principal = principalOf(caller)
    const { body, status, headers } = response
    if (body === null || !response.ok) {
      ended()
      return response
    }
    add(principal, 1)
    const stream = endingStream(body, signal, () => {
      add(principal, -1)
      ended()
    })
    return new Response(stream, { status, headers })
  }
  return {
    refusal(caller, id) {
      if (count < total && (open.get(principalOf(caller)) ?? 0) < perCaller) return undefined
      const error = new JsonRpcError(errorCode.transport, 'Too many open streams')
      return errorResponse(429, error, id ?? null, { 'retry-after': '60' })
    },
    hold(caller, response, ended) {
      const left = Math.min(longestTimeout, Math.max(0, caller.expiresAt - now()))
      // A stream that outlives its token would go on telling what the token no longer permits.
      return counted(caller, response, AbortSignal.timeout(left), ended)
    },
    count: (caller, response) =>
      response.headers.get('content-type')?.startsWith('text/event-stream') === true
        ? counted(caller, response, undefined, () => {})
        : response,
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
