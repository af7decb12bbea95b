import { OAuthError } from '@gatewright/core'
import type { Act } from '@gatewright/core'

const maximumBytes = 8 * 1024
const maximumDepth = 10

/**
 * Puts an actor in front of those who acted before.
 *
 * Only the outermost actor acts now; the others are history and grant nothing.
 *
 * @throws {OAuthError} `invalid_request` when the chain gets longer than `limit`, or over 8 KiB
 * @see [RFC 8693 §4.1 - "act" (Actor) Claim](https://www.rfc-editor.org/rfc/rfc8693.html#section-4.1)
 */
export function extendActorChain(actor: string, earlier: Act | undefined, limit: number): Act {
  const chain: Act = earlier === undefined ? { sub: actor } : { sub: actor, act: earlier }
  let length = 0
  for (let link: Act | undefined = chain; link !== undefined; link = link.act) length++
  if (length > limit)
    throw new OAuthError('invalid_request', `the token has passed through ${limit} actors already`)
  if (new TextEncoder().encode(JSON.stringify(chain)).length > maximumBytes)
    throw new OAuthError('invalid_request', 'the chain of actors is too large')
  return chain
}

/**
 * Reads a chain of actors that another issuer wrote. Only who they are is taken over.
 *
 * @throws {Error} when it is no chain of at most ten actors
 */
export function readActorChain(value: unknown, depth = 1): Act {
  const { sub, act } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (typeof sub !== 'string' || sub === '' || depth > maximumDepth)
    throw new Error('act is no chain of actors')
  return act === undefined ? { sub } : { sub, act: readActorChain(act, depth + 1) }
}
