/**
 * Where the access tokens of one authorization server differ from the standard.
 *
 * Each field loosens or moves one check, for that issuer alone.
 *
 * @see [RFC 9068 §2 - JWT Access Token Header and Data Structure](https://www.rfc-editor.org/rfc/rfc9068.html#section-2)
 */
export interface TokenProfile {
  /**
   * The type in the header. `JWT` does not tell an access token from an ID token, so the claims are looked at as well: those that
   * only ID tokens, refresh tokens or logout tokens have are refused.
   *
   * @default 'at+jwt'
   */
  readonly typ?: 'at+jwt' | 'JWT' | undefined
  /** The claim that names the client. @default 'client_id' */
  readonly clientId?: 'client_id' | 'azp' | undefined
  /** What `aud` calls this resource, compared exactly. @default the resource */
  readonly audience?: string | undefined
  /** Accepts tokens that are good elsewhere as well; a server there could then use them here. @default false */
  readonly otherAudiences?: boolean | undefined
  /** Whether each token must have an id. Without one, `isRevoked` has nothing to ask about. @default 'required' */
  readonly jti?: 'required' | 'optional' | undefined
}

/** A profile with nothing left open. */
export type CheckedProfile = {
  readonly [Field in keyof Omit<TokenProfile, 'audience'>]-?: NonNullable<TokenProfile[Field]>
} & {
  readonly audience: string | undefined
}

/**
 * Profiles of servers that are often there already, as data to spread into an entry of your own.
 *
 * - `keycloak`: a client scope must add this resource as audience.
 * - `casdoor`: give `audience` too, the client id, when the client sends no `resource` parameter.
 * - `auth0`: for the default profile of an API. One with the standard profile needs `otherAudiences` alone.
 *
 * @example
 * <!-- prelude
 * import { defineScopes } from '@gatewright/core'
 * -->
 * ```ts
 * const api = createResourceServer({
 *   issuer: 'https://sso.example.com/realms/acme',
 *   tokens: tokenProfiles.keycloak,
 *   resource: 'https://mcp.example.com/mcp',
 *   scopes: defineScopes({ 'read:application': 'View applications' }),
 * })
 * ```
 */
export const tokenProfiles = {
  keycloak: { typ: 'JWT', clientId: 'azp', otherAudiences: true },
  casdoor: { typ: 'JWT', clientId: 'azp' },
  auth0: { typ: 'JWT', clientId: 'azp', otherAudiences: true, jti: 'optional' },
} as const satisfies Readonly<Record<string, TokenProfile>>

const choices = { typ: ['at+jwt', 'JWT'], clientId: ['client_id', 'azp'], jti: ['required', 'optional'] }

/** @throws {TypeError} when a field is unknown, or has a value that it cannot have */
export function checkProfile(profile: TokenProfile = {}): CheckedProfile {
  const {
    typ = 'at+jwt',
    clientId = 'client_id',
    jti = 'required',
    otherAudiences = false,
    audience,
  } = profile
  const known = ['typ', 'clientId', 'jti', 'otherAudiences', 'audience']
  for (const name of Object.keys(profile))
    if (!known.includes(name)) throw new TypeError(`tokens.${name} is unknown; there are ${known.join(', ')}`)
  for (const [name, value] of Object.entries({ typ, clientId, jti }))
    if (!choices[name as keyof typeof choices].includes(value))
      throw new TypeError(`tokens.${name} cannot be ${JSON.stringify(value)}`)
  if (typeof otherAudiences !== 'boolean') throw new TypeError('tokens.otherAudiences must be true or false')
  if (audience !== undefined && (typeof audience !== 'string' || audience === ''))
    throw new TypeError('tokens.audience must be a text')
  return { typ, clientId, jti, otherAudiences, audience }
}
