import { encodeBase64url, parseScope, sha256Base64url } from '@gatewright/core'
import type { Act, AuthorizationDetail, Confirmation } from '@gatewright/core'
import type { Operation } from '@gatewright/storage'
import type { ServerContext } from '../server-context.ts'
import type { User } from '../server-settings.ts'
import { opaqueToken } from './opaque-token.ts'
import { signJwt } from './sign-jwt.ts'

/** How access tokens look: signed claims, or a name for claims that the server keeps. */
export type AccessTokenFormat = 'jwt' | 'opaque'

/** Every format. */
export const accessTokenFormats: readonly AccessTokenFormat[] = ['jwt', 'opaque']

/** What an access token says. */
export interface AccessTokenContent {
  readonly clientId: string
  readonly subject: string
  /** Absent for a token that stands on no approval of a user, such as that of client credentials. */
  readonly grantId?: string | undefined
  readonly scope: string
  readonly audience: string
  /** Seconds. */
  readonly lifetime: number
  readonly authenticatedAt?: number | undefined
  readonly act?: Act | undefined
  /** The authorization details that it is good for. */
  readonly details?: readonly AuthorizationDetail[] | undefined
  /** What the sender of the token must prove each time; `undefined` makes a bearer token. */
  readonly confirmation: Confirmation | undefined
  /** Whose claims the option `claims` may take; `undefined` when a client acts for itself. */
  readonly user: User | undefined
}

/** The claims of an access token, whatever its format. @see [RFC 9068 §2.2](https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2) */
export interface AccessTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly client_id: string
  readonly scope: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly auth_time?: number | undefined
  readonly act?: Act | undefined
  readonly cnf?: Confirmation | undefined
  /** @see [RFC 9396 §9.1](https://www.rfc-editor.org/rfc/rfc9396.html#section-9.1) */
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined
  /** Lets a resource server ask whether the grant behind the token still stands. */
  readonly grant_id?: string | undefined
}

/** An access token that has been made. It is good for nothing until its operations are committed. */
export interface MintedAccessToken {
  readonly token: string
  readonly jti: string
  /** What must be stored with it, in the partition of its grant. */
  readonly operations: readonly Operation[]
}

/**
 * Mints an access token. Its claims are written out here one by one: nothing of a user object slips in, and nothing that
 * the integrator adds takes the place of one.
 *
 * @see [RFC 9068 §2 - JWT Access Token Header and Data Structure](https://www.rfc-editor.org/rfc/rfc9068.html#section-2)
 */
export async function mintAccessToken(
  content: AccessTokenContent,
  now: number,
  server: ServerContext,
): Promise<MintedAccessToken> {
  const issuedAt = Math.floor(now / 1000)
  const jti = encodeBase64url(server.runtime.randomBytes(16))
  const { clientId, subject, audience: resource, act, user } = content
  const scopes = parseScope(content.scope)
  const added = await server.options.claims?.make({
    target: 'accessToken',
    clientId,
    subject,
    scopes,
    resource,
    act,
    user,
  })
  const claims: AccessTokenClaims = {
    ...added,
    iss: server.issuer,
    sub: content.subject,
    aud: content.audience,
    client_id: content.clientId,
    scope: content.scope,
    jti,
    iat: issuedAt,
    exp: issuedAt + content.lifetime,
    auth_time: content.authenticatedAt === undefined ? undefined : Math.floor(content.authenticatedAt / 1000),
    act: content.act,
    cnf: content.confirmation,
    authorization_details: content.details,
    grant_id: content.grantId,
  }
  if (formatFor(content.audience, server) === 'jwt')
    return {
      token: await signJwt(await server.keys.signer(now), 'at+jwt', { ...claims }),
      jti,
      operations: [],
    }
  const token = opaqueToken(content, content.grantId ?? jti, server)
  const key = server.grants.key(content.grantId ?? jti, 'access_tokens', await sha256Base64url(token))
  const value = JSON.parse(JSON.stringify({ schema: 1, claims }))
  return { token, jti, operations: [{ type: 'insert', key, value, expiresAt: claims.exp * 1000 }] }
}

function formatFor(audience: string, { options }: ServerContext): AccessTokenFormat {
  const own = options.resources.find(({ resource }) => resource === audience)
  return own?.accessTokenFormat ?? options.accessTokenFormat
}
