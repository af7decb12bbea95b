import { deepFreeze, isSameResource, parseScope } from '@gatewright/core'
import type { AuthorizationDetail } from '@gatewright/core'
import type { AccessToken } from './access-token.ts'
import { parseAct } from './act-claim.ts'
import { parseConfirmation } from './confirmation-claim.ts'
import { Rejection } from './rejection.ts'
import { checkKind } from './token-kind.ts'
import type { CheckedProfile } from './token-profile.ts'

/** What a verified token says: the part that is handed out, and the times that are compared with the clock at each use. */
export interface VerifiedClaims {
  readonly known: Omit<AccessToken, 'token'>
  /** Seconds, like the two below. */
  readonly exp: number
  readonly iat: number
  readonly nbf: number
}

/**
 * Reads the claims of an access token whose signature, issuer and type were verified.
 *
 * It does not compare times with the clock.
 *
 * @throws {Rejection} when a claim is missing, has the wrong type, or names another audience
 * @see [RFC 9068 §2.2 - Data Structure](https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2)
 */
export function tokenClaims(
  claims: Readonly<Record<string, unknown>>,
  resource: string,
  profile: CheckedProfile,
): VerifiedClaims {
  if (profile.typ === 'JWT') checkKind(claims)
  const { scope, grant_id: grantId, act, cnf } = claims
  checkAudience(claims.aud, resource, profile)
  const confirmation = parseConfirmation(cnf)
  if (cnf !== undefined && confirmation === undefined) throw new Rejection('cnf')
  if (scope !== undefined && typeof scope !== 'string') throw new Rejection('scope')
  if (grantId !== undefined && typeof grantId !== 'string') throw new Rejection('grant_id')
  const actor = parseAct(act)
  if (act !== undefined && actor === undefined) throw new Rejection('act')
  const details = authorizationDetails(claims)
  const exp = instant(claims, 'exp')
  return {
    known: {
      issuer: text(claims, 'iss'),
      subject: text(claims, 'sub'),
      clientId: clientId(claims, profile),
      scopes: Object.freeze(scopeTokens(scope)),
      expiresAt: exp * 1000,
      jti: profile.jti === 'optional' && claims.jti === undefined ? undefined : text(claims, 'jti'),
      grantId,
      act: actor && deepFreeze(actor),
      ...(confirmation === undefined ? {} : { confirmation }),
      ...(details === undefined ? {} : { authorizationDetails: details }),
      resource,
      // Cached claims are shared by every request with the token; a handler that changes them must not change its neighbours'.
      claims: deepFreeze(claims),
    },
    exp,
    iat: instant(claims, 'iat'),
    nbf: claims.nbf === undefined ? 0 : instant(claims, 'nbf'),
  }
}

function checkAudience(aud: unknown, resource: string, { audience, otherAudiences }: CheckedProfile): void {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const isThis = (value: unknown) =>
    typeof value === 'string' &&
    (audience === undefined ? isSameResource(value, resource) : value === audience)
  // A token that is good elsewhere as well could be replayed by that other server, so one audience only.
  if (otherAudiences ? !named.some(isThis) : named.length !== 1 || !isThis(named[0]))
    throw new Rejection('audience', 'the access token was not issued for this resource')
}

function clientId(claims: Readonly<Record<string, unknown>>, profile: CheckedProfile): string {
  const named = text(claims, profile.clientId)
  // Two names that differ would let two servers see two clients in one token.
  if (claims.client_id !== undefined && claims.client_id !== named) throw new Rejection('client_id')
  return named
}

function text(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw new Rejection(name)
  return value
}

/** What is no list of typed objects is no permission that anybody could have checked. */
function authorizationDetails({
  authorization_details: details,
}: Readonly<Record<string, unknown>>): readonly AuthorizationDetail[] | undefined {
  if (details === undefined) return undefined
  const isDetail = (item: unknown): item is AuthorizationDetail =>
    typeof item === 'object' && item !== null && 'type' in item && typeof item.type === 'string'
  if (!Array.isArray(details) || !details.every(isDetail)) throw new Rejection('authorization_details')
  return details
}

function instant(claims: Readonly<Record<string, unknown>>, name: string): number {
  const value = claims[name]
  // JSON's 1e400 is Infinity: a token that never expires.
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Rejection(name)
  return value
}

function scopeTokens(scope: string | undefined): string[] {
  try {
    return parseScope(scope)
  } catch (cause) {
    throw new Rejection('scope', undefined, cause)
  }
}
