import type { Act, AuthorizationDetail, Confirmation } from '@gatewright/core'

/** An access token that was verified for one resource: who calls, through which client, and what was granted. */
export interface AccessToken {
  /** The token itself. Never send it to anyone else: it is good for this resource only. */
  readonly token: string
  /** Who issued it. */
  readonly issuer: string
  /** The user, or the client itself when it acts for nobody (`sub`). */
  readonly subject: string
  readonly clientId: string
  /** The granted scopes as they stand in the token; what they imply is a question for `Scopes`. */
  readonly scopes: readonly string[]
  /** What was granted beyond scopes; only what is in it may be done. @see [RFC 9396 §9.1](https://www.rfc-editor.org/rfc/rfc9396.html#section-9.1) */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined
  /** When it expires, in milliseconds. */
  readonly expiresAt: number
  readonly jti?: string | undefined
  /** The grant that it stems from, when the issuer says so (`grant_id`). */
  readonly grantId?: string | undefined
  /** Who acts for the subject, newest first. */
  readonly act?: Act | undefined
  /** What the token is bound to, and its sender has proven. */
  readonly confirmation?: Confirmation | undefined
  /** The resource that it was issued for: always the one that verified it. */
  readonly resource: string
  /** Every claim of the token, frozen. */
  readonly claims: Readonly<Record<string, unknown>>
}
