/**
 * What the holder of a token must prove besides having it: the `cnf` claim.
 *
 * Every member that is there must be proven.
 *
 * @see [RFC 7800 §3.1 - Confirmation Claim](https://www.rfc-editor.org/rfc/rfc7800.html#section-3.1)
 */
export interface Confirmation {
  /** Thumbprint of the key that signs the DPoP proofs. @see [RFC 9449 §6.1](https://www.rfc-editor.org/rfc/rfc9449.html#section-6.1) */
  readonly jkt?: string | undefined
  /** Thumbprint of the client's TLS certificate. @see [RFC 8705 §3.1](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1) */
  readonly 'x5t#S256'?: string | undefined
}
