import type { AccessToken } from '@gatewright/resource-server'

/** Names who stands behind a token: tokens come and go, and two clients of one user are two. */
export function principalOf({ issuer, subject, clientId }: AccessToken): string {
  return JSON.stringify([issuer, subject, clientId])
}
