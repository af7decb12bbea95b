import { readJwt, verifyWith } from '@gatewright/core'
import type { TokenStatusQuery, Verify } from '@gatewright/core'
import type { Key } from '@gatewright/storage'
import { findClient } from '../clients/client-source.ts'
import { endedClientKey } from '../clients/dynamic-registration/ended-client.ts'
import { clientSubjectPrefix } from '../grants/client-credentials.ts'
import type { ServerContext } from '../server-context.ts'
import { createReadAhead } from '../requests/read-ahead.ts'
import type { ReadAhead } from '../requests/read-ahead.ts'
import type { AccessTokenClaims } from './access-token.ts'
import { opaqueTokenReads, readOpaqueToken, standingOpaqueToken } from './opaque-token.ts'

// A resource server whose clock is behind may accept a token for up to five minutes after its end.
const clockTolerance = 300_000

// A token without a grant has a partition of its own, named by its id.
const denyKey = (grantId: string | undefined, jti: string, server: ServerContext): Key =>
  server.grants.key(grantId ?? jti, 'denied_tokens', jti)

/**
 * Starts the reads of a request about a token: what comes first brings what is known of an opaque one. So whatever clients it
 * and the caller are, they take one round trip.
 */
export function readsOfToken(token: string | undefined, server: ServerContext): ReadAhead {
  return createReadAhead(server, async () => {
    const opaque = token === undefined ? undefined : await readOpaqueToken(token, server)
    return opaque === undefined ? [] : opaqueTokenReads(opaque, server)
  })
}

/** The claims of an access token of this server that may be used now; `undefined` for every other text. */
export async function activeToken(
  token: string,
  now: number,
  server: ServerContext,
  reads: ReadAhead = readsOfToken(token, server),
): Promise<AccessTokenClaims | undefined> {
  const claims = await standingToken(token, now, server, reads)
  if (claims === undefined || claims.sub.startsWith(clientSubjectPrefix)) return claims
  // A user who was removed has no tokens any more, whatever became of the grant.
  return (await server.options.findUser(claims.sub)) === undefined ? undefined : claims
}

/** The claims of a token that was neither revoked nor expired. */
async function standingToken(
  token: string,
  now: number,
  server: ServerContext,
  reads: ReadAhead,
): Promise<AccessTokenClaims | undefined> {
  const opaque = await readOpaqueToken(token, server)
  if (opaque !== undefined) return standingOpaqueToken(opaque, server, reads)
  const claims = await verifyJwt(token, now, server)
  if (claims === undefined) return undefined
  const { grant_id: grantId, jti, client_id: clientId } = claims
  return (await isRevoked({ grantId, jti, clientId }, server)) ? undefined : claims
}

/**
 * Ends one access token of a client. `false` when it is none of the client's, or had ended before.
 *
 * @see [RFC 7009 §2.1 - Revocation Request](https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1)
 */
export async function endToken(
  token: string,
  clientId: string,
  server: ServerContext,
): Promise<AccessTokenClaims | undefined> {
  const now = server.now()
  const claims = await standingToken(token, now, server, readsOfToken(token, server))
  if (claims === undefined || claims.client_id !== clientId) return undefined
  const { grant_id: grantId, jti, exp } = claims
  const opaque = await readOpaqueToken(token, server)
  if (opaque !== undefined) {
    await server.storage.commit([{ type: 'delete', key: opaque.key }], now)
    return claims
  }
  const entry = {
    key: denyKey(grantId, jti, server),
    value: { schema: 1 },
    expiresAt: exp * 1000 + clockTolerance,
  }
  return (await server.storage.commit([{ type: 'insert', ...entry }], now)) ? claims : undefined
}

/**
 * Whether a signed access token of this server may no longer be used: its grant has ended, it is on the deny list, or,
 * for a token without a grant, its client is gone.
 *
 * A token without an id is none of ours, and counts as revoked.
 */
export async function isRevoked(query: TokenStatusQuery, server: ServerContext): Promise<boolean> {
  const { grantId, jti, clientId } = query
  if (jti === undefined) return true
  const now = server.now()
  if (grantId === undefined) {
    const deny = denyKey(undefined, jti, server)
    const reads = createReadAhead(server, async () => [deny])
    const client = clientId === undefined ? undefined : await findClient(clientId, server, undefined, reads)
    return client === undefined || (await reads.get([deny]))[0] !== undefined
  }
  const ended = endedClientKey(clientId, server)
  const others = [denyKey(grantId, jti, server), ...(ended === undefined ? [] : [ended])]
  const [grant, ...notes] = await server.grants.readWith(grantId, others, now)
  return grant === undefined || notes.some((note) => note !== undefined)
}

/** The check of a published key: it is imported once. */
const checks = new WeakMap<JsonWebKey, Promise<Verify>>()

function checkOf(publicJwk: JsonWebKey, alg: string): Promise<Verify> {
  const check = checks.get(publicJwk) ?? verifyWith(publicJwk, alg)
  checks.set(publicJwk, check)
  return check
}

/** The claims of an access token that this server has signed and whose time is not over. */
async function verifyJwt(
  token: string,
  now: number,
  server: ServerContext,
): Promise<AccessTokenClaims | undefined> {
  const read = token.length > 16_384 ? undefined : readJwt(token)
  if (read === undefined) return undefined
  const { header, claims } = read
  // Only this server signs with these keys, and a header that it would not write is not one of its tokens'.
  if (header.typ !== 'at+jwt' || Object.keys(header).length !== 3) return undefined
  const { keys } = await server.keys.jwks(now)
  const key = keys.find((known: JsonWebKey & { kid?: string }) => known.kid === header.kid)
  if (key?.alg === undefined || key.alg !== header.alg) return undefined
  const check = await checkOf(key, key.alg)
  if (!(await check(read.signed, read.signature))) return undefined
  if (claims.iss !== server.issuer || typeof claims.exp !== 'number' || claims.exp * 1000 <= now)
    return undefined
  // It writes nothing but these claims under this type.
  return claims as unknown as AccessTokenClaims
}
