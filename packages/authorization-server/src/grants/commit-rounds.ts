import { OAuthError } from '@gatewright/core'

const rounds = 5

/**
 * Repeats read → check → commit until the commit holds.
 *
 * Losing a commit says nothing about why: any writer may have been first. Only what the next read shows decides.
 *
 * @param attempt resolves to `undefined` when its commit was lost
 * @throws {OAuthError} `temporarily_unavailable` (503) after five lost rounds, and whatever the attempt throws
 */
export async function commitRounds<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < rounds; round++) {
    const result = await attempt()
    if (result !== undefined) return result
  }
  throw new OAuthError('temporarily_unavailable', 'too many requests change this grant at once', {
    headers: { 'retry-after': '1' },
  })
}
