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

const provable: ReadonlySet<string> = new Set(['jkt', 'x5t#S256'])

/**
 * Whether a sender has proven everything that a token demands. Without a demand, everybody has.
 *
 * A member that this version does not know cannot be proven, so a token that has one is confirmed by nobody.
 */
export function isConfirmed(required: Confirmation | undefined, proven: Confirmation | undefined): boolean {
  const shown = new Map<string, unknown>(Object.entries(proven ?? {}))
  return Object.entries(required ?? {}).every(
    ([name, value]) => value === undefined || (provable.has(name) && shown.get(name) === value),
  )
}
