/** Bytes of a key's name. */
export const idLength = 8
/** Bytes of a nonce. */
export const nonceLength = 12

/**
 * What is hashed to derive something from a secret: a counter, the secret, and what it is for.
 *
 * One hash is enough where the secret is random. HKDF, made for secrets that are not, costs ten times as much, and a sealed text is
 * often the only one under its secret.
 *
 * @see [NIST SP 800-56C Rev. 2 §4.1 - Specification of Key-Derivation Functions](https://doi.org/10.6028/NIST.SP.800-56Cr2)
 */
export function inputOf(secret: string, label: string): string {
  return `\0\0\0\u0001${secret}gatewright/vault/v1\0${label}`
}
