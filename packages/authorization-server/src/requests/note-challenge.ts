import { createReplayStore } from '@gatewright/storage'
import type { EventDetails } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'

const remembered = 3_600_000

/**
 * Reports a code challenge that a code was issued for before: its client reuses verifiers, or an attacker injects a challenge.
 *
 * Nothing depends on the result, so a failure of the storage is no failure of the request.
 *
 * @see [RFC 9700 §2.1.1 - Authorization Code Grant](https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1)
 */
export async function noteChallenge(
  challenge: string | undefined,
  details: EventDetails,
  now: number,
  server: ServerContext,
): Promise<void> {
  if (challenge === undefined || server.options.onEvent === undefined) return
  const replays = createReplayStore(server.storage)
  const namespace = `${server.partitions.issuer}:p`
  const isNew = await replays.once(namespace, challenge, now + remembered, now).catch(() => true)
  if (!isNew) server.emit({ type: 'pkce.challenge_reused', ...details })
}
