import type { Grant } from './grant.ts'

/**
 * The grant without what only its code needs, once the code has expired: it can be neither redeemed nor replayed any more.
 *
 * That keeps the record small for as long as it is refreshed.
 */
export function settleGrant(grant: Grant, now: number): Grant {
  if (grant.code === undefined || grant.code.expiresAt > now) return grant
  const { code: _code, nonce: _nonce, ...settled } = grant
  return settled
}
