import type { AccessToken } from './access-token.ts'

/** What both MCP SDKs hand to their handlers about a caller, as `authInfo`. */
export interface AuthInfo {
  token: string
  clientId: string
  scopes: string[]
  /** Seconds. */
  expiresAt: number
  resource: URL
  extra: Record<string, unknown>
}

/**
 * Puts a verified token in the form of the MCP SDKs, for handlers that are registered with an SDK itself.
 *
 * Subject, issuer, actors, authorization details and ids are in `extra`; other claims of the token are left out.
 *
 * @example
 * <!-- prelude
 * declare const token: AccessToken
 * -->
 * ```ts
 * const authInfo = toAuthInfo(token)
 * ```
 */
export function toAuthInfo(token: AccessToken): AuthInfo {
  const { subject, issuer, jti, grantId, act, authorizationDetails } = token
  return {
    token: token.token,
    clientId: token.clientId,
    scopes: [...token.scopes],
    expiresAt: Math.floor(token.expiresAt / 1000),
    resource: new URL(token.resource),
    extra: { subject, issuer, jti, grantId, act, authorizationDetails },
  }
}
