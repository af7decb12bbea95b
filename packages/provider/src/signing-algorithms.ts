/**
 * The algorithms that a provider may sign with. `none` and those with a shared secret are not among them: whoever knows the
 * client's secret could make ID tokens of anybody.
 *
 * @see [RFC 8725 §3.1 - Perform Algorithm Verification](https://www.rfc-editor.org/rfc/rfc8725.html#section-3.1)
 */
export const signingAlgorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
