/**
 * Signs tokens: a key in this process, a KMS or an HSM.
 *
 * @see [RFC 7515 §5.1 - Message Signature or MAC Computation](https://www.rfc-editor.org/rfc/rfc7515.html#section-5.1)
 */
export interface Signer {
  /** JWS algorithm, for example `ES256`. */
  readonly alg: string
  /** Key id, as published in the JWKS. */
  readonly kid: string
  /** The public key that verifies the signatures, to be published in the JWKS. */
  readonly publicJwk: JsonWebKey
  /** The raw JWS signature over the bytes; for ES256 that is R and S, 64 bytes, not DER. */
  sign(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}
