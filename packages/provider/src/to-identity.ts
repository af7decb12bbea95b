import { OAuthError } from '@gatewright/core'
import type { Identity } from '@gatewright/core'
import type { JWTPayload } from 'jose'
import { mapClaims } from './claims/claim-mapping.ts'
import type { ClaimMapping } from './claims/claim-mapping.ts'
import { isEmailOfDomain } from './claims/email-domain.ts'

/** What an identity is made from. */
export interface IdentitySources {
  readonly provider: string
  readonly displayName: string
  readonly issuer: string
  readonly idToken: JWTPayload | undefined
  readonly userinfo: Readonly<Record<string, unknown>> | undefined
  readonly mapping: ClaimMapping
  readonly emailDomains: readonly string[] | undefined
}

/**
 * Makes an identity of what a provider said.
 *
 * @throws {Error} when ID token and userinfo are of two users
 * @throws {OAuthError} `access_denied` when a required claim is missing or the e-mail address is not a permitted one, `server_error` without a subject
 */
export function toIdentity(sources: IdentitySources): Identity {
  const { provider, displayName, issuer, idToken, userinfo, mapping, emailDomains } = sources
  // OpenID Connect Core 1.0 §5.3.2: an access token that was swapped leads to another user's claims.
  if (idToken !== undefined && userinfo !== undefined && idToken.sub !== userinfo.sub)
    throw new Error('the sub of userinfo is not the one of the ID token')
  const raw = { ...idToken, ...userinfo }
  // That an address was verified counts for the address it was said of, and no other.
  if (userinfo?.email !== undefined) raw.email_verified = userinfo.email_verified
  const { subject, ...claims } = mapClaims(raw, mapping)
  if (typeof subject !== 'string')
    throw new OAuthError(
      'server_error',
      `${displayName} did not tell who the user is: name the claim with the user's id as claims.subject`,
    )
  if (emailDomains !== undefined) checkEmail(claims, emailDomains)
  const { auth_time: time, amr } = idToken ?? {}
  return {
    provider,
    issuer,
    subject,
    claims,
    raw,
    ...(typeof time === 'number' ? { authenticatedAt: time * 1000 } : {}),
    ...(Array.isArray(amr) && amr.every((method) => typeof method === 'string') ? { amr } : {}),
  }
}

function checkEmail(claims: Readonly<Record<string, unknown>>, domains: readonly string[]): void {
  const { email, email_verified: verified } = claims
  if (verified !== true || !domains.some((domain) => isEmailOfDomain(email, domain)))
    throw new OAuthError('access_denied', 'only verified e-mail addresses of certain domains may sign in')
}
