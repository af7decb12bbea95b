import { OAuthError, readJwt, sha256Base64url, type ReadJwt, type TokenStatusQuery } from '@gatewright/core'
import { decodeJwt } from 'jose'
import type { AccessToken } from './access-token.ts'
import { createBoundedCache } from './bounded-cache.ts'
import type { Keys } from './key-set.ts'
import type { Introspect } from './options.ts'
import { Rejection, toRejection } from './rejection.ts'
import { tokenClaims, type VerifiedClaims } from './token-claims.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'
import { createSignatureVerifier } from './verify-signature.ts'

const maximumTokenLength = 16 * 1024
const requiredClaims = ['iss', 'sub', 'aud', 'exp', 'iat']
/** Seconds that a clock of the issuer may be ahead of ours before its `iat` looks invented. */
const futureTolerance = 60

/** What a verifier decides by. */
export interface TokenVerifierOptions {
  readonly issuers: ReadonlyMap<string, TrustedIssuer>
  readonly resource: string
  readonly algorithms: readonly string[]
  readonly clockTolerance: number
  readonly maxTokenAge: number | undefined
  readonly cacheSize: number
  readonly isRevoked: ((query: TokenStatusQuery) => Promise<boolean> | boolean) | undefined
  readonly introspect: Introspect | undefined
  readonly now: () => number
}

/**
 * Makes the function that decides about a token.
 *
 * It throws a `Rejection` for a token that is not valid, and `OAuthError('temporarily_unavailable')` when that cannot be found out.
 */
export function createTokenVerifier(options: TokenVerifierOptions): (token: string) => Promise<AccessToken> {
  const { resource, clockTolerance, maxTokenAge, isRevoked, introspect, now } = options
  const algorithms = [...options.algorithms]
  const verifySignature = createSignatureVerifier()
  const cache = createBoundedCache<{ keys: Keys; claims: VerifiedClaims }>(options.cacheSize)

  async function verified(token: string): Promise<VerifiedClaims> {
    const id = options.cacheSize === 0 ? '' : await sha256Base64url(token)
    const cached = cache.get(id)
    // The cache stands for the signature check alone; a key that was withdrawn takes its tokens along.
    if (cached !== undefined && cached.keys === (await trusted(cached.claims.known.issuer).keySet.current()))
      return cached.claims
    const read = readJwt(token)
    const issuer = claimedIssuer(token, read)
    const { keySet, profile } = trusted(issuer)
    const { payload, keys } = await verifySignature({ token, read }, keySet, {
      algorithms,
      issuer,
      typ: profile.typ,
      requiredClaims,
      clockTolerance,
      currentDate: new Date(now()),
    })
    const claims = tokenClaims(payload, resource, profile)
    cache.set(id, { keys, claims })
    return claims
  }

  async function introspected(token: string, ask: Introspect): Promise<VerifiedClaims> {
    const answer = await available(() => ask(token))
    if (answer === undefined) throw new Rejection('inactive')
    const claims = { ...answer } as Readonly<Record<string, unknown>>
    // RFC 7662 §2.2: `active` is a boolean; the text "true" is no permission.
    if ((claims.active ?? true) !== true) throw new Rejection('inactive')
    return tokenClaims(claims, resource, trusted(claims.iss).profile)
  }

  function trusted(issuer: unknown): TrustedIssuer {
    const known = typeof issuer === 'string' ? options.issuers.get(issuer) : undefined
    if (known === undefined) throw new Rejection('iss')
    return known
  }

  function checkTimes(claims: VerifiedClaims): void {
    const seconds = Math.floor(now() / 1000)
    if (claims.exp <= seconds - clockTolerance) throw expired(claims)
    if (claims.nbf > seconds + clockTolerance) throw new Rejection('nbf')
    if (claims.iat > seconds + Math.max(futureTolerance, clockTolerance)) throw new Rejection('iat')
    if (maxTokenAge !== undefined && claims.iat + maxTokenAge < seconds - clockTolerance)
      throw expired(claims)
  }

  async function checkStatus({ known }: VerifiedClaims): Promise<void> {
    if (isRevoked === undefined) return
    const query = { grantId: known.grantId, jti: known.jti, clientId: known.clientId }
    const revoked: unknown = await available(() => isRevoked(query))
    // Anything but a clear no counts as revoked, also the `undefined` of a function that forgot to answer.
    if (revoked !== false)
      throw new Rejection('revoked', 'the access token is no longer valid', undefined, detailsOf(known))
  }

  return async (token) => {
    try {
      if (token.length > maximumTokenLength) throw new Rejection('too_long')
      const claims = await (introspect === undefined ? verified(token) : introspected(token, introspect))
      checkTimes(claims)
      await checkStatus(claims)
      return { token, ...claims.known }
    } catch (error) {
      throw error instanceof OAuthError ? error : toRejection(error)
    }
  }
}

/** Asks a port that the integrator gave; one that fails is no answer, and nobody gets in without one. */
async function available<Answer>(port: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await port()
  } catch (cause) {
    throw new OAuthError('temporarily_unavailable', 'the status of the access token cannot be read', {
      cause,
      headers: { 'retry-after': '5' },
    })
  }
}

/** Only chooses whose keys are tried; the verification then compares the claim with exactly this issuer. */
function claimedIssuer(token: string, read: ReadJwt | undefined): string {
  // What cannot be read is for jose to explain.
  const { iss } = read?.claims ?? decodeJwt(token)
  if (typeof iss !== 'string') throw new Rejection('iss')
  return iss
}

function expired({ known }: VerifiedClaims): Rejection {
  return new Rejection('expired', 'the access token has expired', undefined, detailsOf(known))
}

function detailsOf({ clientId, subject, grantId, jti, act }: VerifiedClaims['known']) {
  return { clientId, subject, grantId, jti, act }
}
