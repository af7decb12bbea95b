import { jwtVerify } from 'jose'
import type { JWTVerifyGetKey } from 'jose'
import { signingAlgorithms } from './signing-algorithms.ts'

/** Whom a provider has logged out. */
export interface UpstreamLogout {
  /** Id of the provider, as you named it. */
  readonly provider: string
  readonly issuer: string
  /** The user there; absent when only a session is named. */
  readonly subject?: string | undefined
  /** The session there (`sid`); absent when all of the user's are meant. */
  readonly sid?: string | undefined
  /** Names this logout once. */
  readonly jti: string
  /** Until when the same token would verify again, in milliseconds. */
  readonly expiresAt: number
}

/** What a logout token must agree with. */
export interface LogoutTokenExpectation {
  readonly provider: string
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly clientId: string
  /** In milliseconds. */
  readonly now: number
}

const tolerance = 60
/** Seconds after `iat` for which a token counts, whatever its `exp` says. */
const maximumAge = 120
const event = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Verifies a logout token: signature, type, issuer, audience, times, event, and that it is no ID token.
 *
 * It does not know whether the token was here before.
 *
 * @throws {Error} when anything of it is wrong; the message is for the operator
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.6 - Logout Token Validation](https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation)
 */
export async function verifyLogoutToken(
  token: string,
  { provider, keys, issuer, clientId, now }: LogoutTokenExpectation,
): Promise<UpstreamLogout> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: [...signingAlgorithms],
    typ: 'logout+jwt',
    issuer,
    audience: clientId,
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
    clockTolerance: tolerance,
    maxTokenAge: maximumAge,
    currentDate: new Date(now),
  })
  const { sub, sid, jti, iat = 0, events } = payload
  // Whoever could pass an ID token off as one would log its user out.
  if ('nonce' in payload) throw new Error('the logout token has a nonce')
  if (!isObject(events) || !isObject(events[event])) throw new Error('the logout token has no logout event')
  if (typeof jti !== 'string' || jti === '') throw new Error('the logout token has no id')
  if (sub === undefined && sid === undefined)
    throw new Error('the logout token names neither user nor session')
  for (const name of [sub, sid])
    if (name !== undefined && (typeof name !== 'string' || name === ''))
      throw new Error('the logout token has a malformed sub or sid')
  return {
    provider,
    issuer,
    subject: sub,
    sid: sid as string | undefined,
    jti,
    expiresAt: (iat + maximumAge + tolerance + 1) * 1000,
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
