import type { EventDetails } from '@gatewright/core'
import type { ListNote } from '../grants/grant-store.ts'
import type { ServerContext } from '../server-context.ts'

const remembered = 3_600_000

/**
 * Notes a code challenge among the grants of its client, and reports one that a code was issued for before: the client reuses
 * verifiers, or an attacker injects a challenge.
 *
 * @see [RFC 9700 §2.1.1 - Authorization Code Grant](https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1)
 */
export function challengeNote(
  challenge: string | undefined,
  details: EventDetails,
  now: number,
  server: ServerContext,
): ListNote | undefined {
  if (challenge === undefined || server.options.onEvent === undefined) return undefined
  return {
    collection: 'code_challenges',
    id: challenge,
    expiresAt: now + remembered,
    seen: () => server.emit({ type: 'pkce.challenge_reused', ...details }),
  }
}
