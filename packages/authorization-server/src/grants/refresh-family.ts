import { constantTimeEqual, parseScope, sha256Base64url } from '@gatewright/core'
import type { Confirmation } from '@gatewright/core'
import type { AuthenticatedClient } from '../client-authentication/authenticated-client.ts'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'
import type { Grant, RefreshFamily } from './grant.ts'
import { refreshTokenIdleLifetime } from './refresh-token-lifetime.ts'
import { createFamily, createRefreshToken, isGenuine } from './token-formats.ts'
import type { RefreshTokenParts } from './token-formats.ts'

/** A refresh token with the state of its family that makes it the current one. */
export interface IssuedRefreshToken {
  readonly token: string
  readonly family: RefreshFamily
}

/** Starts a grant's refresh family, or gives `undefined` when the client or the server's options want no refresh token. */
export async function startRefreshFamily(
  grantId: string,
  grant: Grant,
  client: AuthenticatedClient,
  bound: Confirmation | undefined,
  now: number,
  server: ServerContext,
): Promise<IssuedRefreshToken | undefined> {
  const enabled = server.options.grants.some(({ name }) => name === 'refresh_token')
  if (!enabled || !client.grant_types.includes('refresh_token') || grant.offlineDeclined === true)
    return undefined
  if (server.options.issueRefreshToken === 'offline' && !parseScope(grant.scope).includes('offline_access'))
    return undefined
  const family = createFamily(server.runtime)
  const token = await createRefreshToken(grantId, 0, family, server.runtime)
  return {
    token,
    family: {
      family: await sha256Base64url(family),
      generation: 0,
      current: await sha256Base64url(token),
      rotatedAt: now,
      ...boundTo(bound, client.instance),
      idleExpiresAt: idleEnd(grant, client, now, server),
    },
  }
}

/** The next token of a family, which makes the current one the previous. */
export async function rotateRefreshFamily(
  grantId: string,
  grant: Grant,
  current: RefreshFamily,
  family: string,
  client: AuthenticatedClient,
  bound: Confirmation | undefined,
  ip: string | undefined,
  now: number,
  server: ServerContext,
): Promise<IssuedRefreshToken> {
  const generation = current.generation + 1
  const token = await createRefreshToken(grantId, generation, family, server.runtime)
  return {
    token,
    family: {
      family: current.family,
      generation,
      current: await sha256Base64url(token),
      rotatedAt: now,
      ...(ip === undefined ? {} : { rotatedFrom: ip }),
      // Once bound, a family stays bound to the same.
      ...boundTo(current.cnf ?? bound, current.instance ?? client.instance),
      idleExpiresAt: idleEnd(grant, client, now, server),
    },
  }
}

/** Whether a token is the one of its family that may be used now. */
export function isCurrent({ hash }: RefreshTokenParts, { current }: RefreshFamily): boolean {
  return constantTimeEqual(hash, current)
}

/** Whether a token was issued in a family, some time. That it is current says so by itself. */
export async function isOfFamily(parts: RefreshTokenParts, { family }: RefreshFamily): Promise<boolean> {
  return constantTimeEqual(await sha256Base64url(parts.family), family) && isGenuine(parts)
}

const boundTo = (cnf: Confirmation | undefined, instance: string | undefined) => ({
  ...(cnf === undefined ? {} : { cnf }),
  ...(instance === undefined ? {} : { instance }),
})

// The idle lifetime moves with each rotation, the grant's absolute end does not.
function idleEnd(grant: Grant, client: Client, now: number, server: ServerContext): number {
  return Math.min(grant.expiresAt, now + refreshTokenIdleLifetime(client, server) * 1000)
}
