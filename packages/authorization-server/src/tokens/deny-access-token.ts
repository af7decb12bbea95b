import { createLocalJWKSet, jwtVerify } from 'jose'
import type { RequestContext, TokenStatusQuery } from '@gatewright/core'
import type { Key } from '@gatewright/storage'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

// A resource server whose clock is behind may accept a token for up to five minutes after its end.
const clockTolerance = 300_000

const denyKey = (grantId: string, jti: string, server: ServerContext): Key =>
  server.grants.key(grantId, 'denied_tokens', jti)

/** Enters an access token of the client into the deny list until it expires. Anything else is ignored. */
export async function denyAccessToken(
  token: string,
  client: Client,
  context: RequestContext,
  server: ServerContext,
): Promise<void> {
  const now = server.now()
  const claims = await readAccessToken(token, now, server)
  if (claims === undefined || claims.client_id !== client.client_id) return
  const { grant_id: grantId, jti, exp, sub } = claims
  if (typeof grantId !== 'string' || typeof jti !== 'string' || exp === undefined) return
  const key = denyKey(grantId, jti, server)
  const expiresAt = exp * 1000 + clockTolerance
  // A second revocation of the same token is nothing new.
  if (!(await server.storage.commit([{ type: 'insert', key, value: { schema: 1 }, expiresAt }], now))) return
  server.emit({
    type: 'token.revoked',
    clientId: client.client_id,
    subject: sub,
    grantId,
    jti,
    ip: context.ip,
  })
}

/**
 * Whether a token of this server may no longer be used: its grant has ended, or it is on the deny list.
 *
 * A token without a grant is none of ours, and counts as revoked.
 */
export async function isRevoked({ grantId, jti }: TokenStatusQuery, server: ServerContext): Promise<boolean> {
  if (grantId === undefined || jti === undefined) return true
  const [grant, denied] = await server.grants.readWith(grantId, denyKey(grantId, jti, server), server.now())
  return grant === undefined || denied !== undefined
}

async function readAccessToken(token: string, now: number, server: ServerContext) {
  if (token.length > 16_384) return undefined
  try {
    const { keys } = await server.keys.jwks(now)
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
      algorithms: [server.options.keys.algorithm],
      issuer: server.issuer,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'jti', 'client_id'],
      currentDate: new Date(now),
    })
    return payload
  } catch {
    return undefined
  }
}
