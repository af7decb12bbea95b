import type { Act } from '@gatewright/core'

/** Where a claim may go. */
export type ClaimTarget = 'accessToken' | 'idToken' | 'userinfo'

/** For whom claims are made, and where they go. */
export interface ClaimsRequest {
  readonly target: ClaimTarget
  readonly clientId: string
  readonly subject: string
  readonly scopes: readonly string[]
  /** The audience of an access token. */
  readonly resource?: string | undefined
  readonly act?: Act | undefined
  /** What `findUser` knows; absent when a client acts for itself. */
  readonly user?: { readonly claims?: Readonly<Record<string, unknown>> } | undefined
}

/** Claims by name, each with where it stands in the `claims` of the user: `department` or `address.country`. */
export type ClaimMapping = Readonly<Record<string, string>>

/**
 * Claims beside those of the standards. Nothing of a user leaves the server unless it is named here or a granted scope opens it.
 *
 * A claim goes where it was sent: one for the ID token is not in the access token. Claims that the server decides by,
 * such as `sub`, `scope` or `cnf`, cannot be set.
 */
export interface ClaimsOptions {
  readonly accessToken?: ClaimMapping
  readonly idToken?: ClaimMapping
  readonly userinfo?: ClaimMapping
  /** Computes further claims for one target. When it throws, nothing is issued and the client is told `server_error`. */
  readonly add?: (
    request: ClaimsRequest,
  ) => Readonly<Record<string, unknown>> | undefined | Promise<Readonly<Record<string, unknown>> | undefined>
}

const targets: readonly ClaimTarget[] = ['accessToken', 'idToken', 'userinfo']

/** Claims that say who may do what, or that a standard gives to the server. */
const reserved: ReadonlySet<string> = new Set(
  [
    'iss sub aud exp nbf iat jti client_id scope act cnf grant_id authorization_details',
    'auth_time acr amr nonce azp sid at_hash c_hash s_hash events active token_type username',
  ].flatMap((names) => names.split(' ')),
)

/** Whether a claim is the server's own to set. */
export function isReservedClaim(name: string): boolean {
  return reserved.has(name)
}

/** Checks the option `claims`. @throws {TypeError} for a target that is unknown, or a claim that is reserved or maps to nothing */
export function checkClaims(options: ClaimsOptions): void {
  for (const [target, mapping] of Object.entries(options)) {
    if (target === 'add') continue
    if (!targets.some((name) => name === target))
      throw new TypeError(`claims.${target} is unknown; a claim goes to ${targets.join(', ')}`)
    for (const [name, path] of Object.entries(mapping as ClaimMapping)) {
      if (isReservedClaim(name))
        throw new TypeError(`claims.${target}.${name} is reserved; choose another name`)
      if (typeof path !== 'string' || path.split('.').includes(''))
        throw new TypeError(`claims.${target}.${name} must name a claim of the user, such as "department"`)
    }
  }
}
