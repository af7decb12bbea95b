import type { AuthorizationDetail, Confirmation } from '@gatewright/core'

/**
 * What a user approved for a client, and the one code and refresh family that came of it.
 *
 * A grant is one record and the root of trust: redemption, rotation and revocation are each one compare-and-set on it,
 * so that revoking it also stops what is being issued at that moment. Secrets are held as hashes only.
 */
export interface Grant {
  /** Format version of this record. */
  readonly schema: 1
  readonly clientId: string
  readonly subject: string
  /** The approved scopes. */
  readonly scope: string
  /** The scopes that the client asked for. Absent: those that were approved. */
  readonly requestedScope?: string
  /** Whether the user was asked for `offline_access` and said no: there is no refresh token then. */
  readonly offlineDeclined?: true
  /** The resources that its access tokens may be good for. */
  readonly resources: readonly string[]
  /** The granted authorization details, of a few KiB at most. */
  readonly details?: readonly AuthorizationDetail[]
  readonly authenticatedAt: number
  readonly amr?: readonly string[]
  /** The provider that vouched for the user. */
  readonly provider?: string
  readonly acr?: string
  /** The session in which it was approved, by the id that clients know. */
  readonly sessionId?: string
  readonly nonce?: string
  readonly createdAt: number
  /** The absolute end, in milliseconds: no rotation moves it. */
  readonly expiresAt: number
  /** Absent once a refresh found it expired. */
  readonly code?: CodeState
  readonly refresh?: RefreshFamily
}

/** The authorization code or device code of a grant. */
export interface CodeState {
  readonly hash: string
  /** Absent for a device code. */
  readonly redirectUri?: string
  /** Whether the redirect URI was part of the authorization request. */
  readonly redirectUriSent?: boolean
  /** S256 challenge; absent for `pkce: 'nonce'` clients and for a device code. */
  readonly challenge?: string
  /** Thumbprint of the key that the client announced with `dpop_jkt`. */
  readonly jkt?: string
  /** Thumbprint of the key of the client's instance that asked, where that was proven. No other instance may redeem it. */
  readonly instance?: string
  readonly expiresAt: number
  readonly usedAt?: number
}

/** The line of refresh tokens of a grant: one is current, the one before may be repeated for a short while. */
export interface RefreshFamily {
  /** Hash of the part that all tokens of the family share. */
  readonly family: string
  readonly generation: number
  /** Hash of the current token. */
  readonly current: string
  /** When the current token was issued, and where the token it replaced was presented. */
  readonly rotatedAt: number
  readonly rotatedFrom?: string
  /** What whoever presents a token of the family must prove. Absent: nothing but the client's authentication. */
  readonly cnf?: Confirmation
  /** Thumbprint of the key of the client's instance that the tokens were issued to. No other instance may present them. */
  readonly instance?: string
  /** When the current token lapses unused, in milliseconds. */
  readonly idleExpiresAt: number
}
