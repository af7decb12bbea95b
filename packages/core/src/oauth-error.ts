import { quotableAscii } from './quotable-ascii.ts'

/** The error codes that Gatewright itself sends; extensions may use their own. */
export type OAuthErrorCode =
  | 'access_denied'
  | 'authorization_pending'
  | 'consent_required'
  | 'expired_token'
  | 'insufficient_scope'
  | 'invalid_authorization_details'
  | 'invalid_binding_message'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_request_object'
  | 'invalid_request_uri'
  | 'invalid_scope'
  | 'invalid_software_statement'
  | 'invalid_target'
  | 'invalid_token'
  | 'login_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'server_error'
  | 'slow_down'
  | 'temporarily_unavailable'
  | 'too_many_requests'
  | 'unapproved_software_statement'
  | 'unauthorized_client'
  | 'unknown_user_id'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'use_attestation_challenge'
  | 'use_dpop_nonce'
  | 'use_fresh_attestation'
  | (string & {})

/** What an {@link OAuthError} carries besides its code and message. */
export interface OAuthErrorOptions {
  /** HTTP status. @default 400, or the usual one of the code (401 `invalid_client`, 403 `insufficient_scope`, …) */
  readonly status?: number
  /** Response headers, for example `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>
  /** What really happened. It reaches events only and is never sent. */
  readonly cause?: unknown
}

const statuses: ReadonlyMap<string, number> = new Map([
  ['invalid_client', 401],
  ['invalid_token', 401],
  ['insufficient_scope', 403],
  ['server_error', 500],
  ['temporarily_unavailable', 503],
])

const brand = Symbol.for('gatewright.OAuthError')

/**
 * A protocol error: its code and message are sent to the client, its cause never is.
 *
 * Two bundled copies of this package recognise each other's errors, because `instanceof` asks for a registered symbol.
 *
 * @see [RFC 6749 §5.2 - Error Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2)
 */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(code: OAuthErrorCode, message: string, options: OAuthErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OAuthError'
    this.code = code
    this.status = options.status ?? statuses.get(code) ?? 400
    this.headers = options.headers ?? {}
    Object.defineProperty(this, brand, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // The brand says "an OAuthError" and no more, so a subclass is told apart by its prototype.
    if (this !== OAuthError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && brand in value
  }

  /** The wire form: `error` and `error_description`. */
  toJSON(): { error: string; error_description: string } {
    return { error: this.code, error_description: asciiDescription(this.message) }
  }
}

/**
 * The form in which a message is sent as `error_description`: the permitted characters, and at most 1,000 of them.
 *
 * A message that quotes a long value must not make a response too long for whoever reads it.
 *
 * @see [RFC 6749 §5.2 - Error Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2)
 */
export function asciiDescription(message: string): string {
  return quotableAscii(message.slice(0, 1000))
}
