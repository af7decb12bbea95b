import type { AccessToken } from '@gatewright/resource-server'

/** What either line of the MCP SDK wants to know of a verified token. */
export interface AuthInfo {
  token: string
  clientId: string
  scopes: string[]
  /** Seconds. */
  expiresAt: number
  resource: URL
  /** What the SDK has no word for: the principal, the actor, the ids and the claims. */
  extra: {
    issuer: string
    subject: string
    act?: AccessToken['act']
    jti?: string | undefined
    grantId?: string | undefined
    claims: Readonly<Record<string, unknown>>
  }
}

/**
 * A verified token in the words of the MCP SDK, v1 and v2 alike: `req.auth` of its Express middleware, or `authInfo` of
 * `handleRequest` and of `createMcpHandler(...).fetch`.
 *
 * For those who register tools at the SDK itself. It carries what was verified, and decides nothing.
 */
export function toAuthInfo(token: AccessToken): AuthInfo {
  const { clientId, scopes, expiresAt, resource, issuer, subject, act, jti, grantId, claims } = token
  return {
    token: token.token,
    clientId,
    scopes: [...scopes],
    expiresAt: Math.floor(expiresAt / 1000),
    resource: new URL(resource),
    extra: { issuer, subject, act, jti, grantId, claims },
  }
}
