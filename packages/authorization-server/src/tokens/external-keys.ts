import type { Signer } from '@gatewright/core'
import { publicKeyProblem } from './public-key-problem.ts'
import type { SigningKeys } from './signing-keys.ts'

/**
 * Signing keys that are kept elsewhere: in a KMS, an HSM, or a secret that you mount.
 *
 * The first signer signs, or the first of the algorithm that a client is registered for; the public keys of all are published. To rotate, add the new one at the end, wait until caches
 * have it, move it to the front, and take the old one away once its last token has expired.
 *
 * @throws {TypeError} when there is none, two have one `kid`, or a key is weak, symmetric, private or not for its algorithm
 * @example
 * <!-- prelude
 * import type { Signer } from '@gatewright/core'
 * declare const kms: { publicKey: JsonWebKey, sign(data: Uint8Array): Promise<Uint8Array> }
 * -->
 * ```ts
 * const signer: Signer = {
 *   alg: 'ES256',
 *   kid: 'kms-2026-01',
 *   publicJwk: kms.publicKey,
 *   sign: (data) => kms.sign(data),
 * }
 * const keys = externalKeys(signer)
 * ```
 * @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5)
 */
export function externalKeys(...signers: readonly Signer[]): SigningKeys {
  const [first] = signers
  if (first === undefined) throw new TypeError('externalKeys needs at least one signer')
  const kids = new Set<string>()
  for (const { kid, alg, publicJwk } of signers) {
    if (typeof kid !== 'string' || kid === '' || kids.has(kid))
      throw new TypeError(`externalKeys: each signer needs a kid of its own, got "${kid}"`)
    kids.add(kid)
    const problem = publicKeyProblem({ ...publicJwk }, alg)
    if (problem !== undefined) throw new TypeError(`externalKeys: the key "${kid}" ${problem}`)
  }
  const keys = signers.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' }))
  return {
    algorithms: [first.alg, ...signers.slice(1).map(({ alg }) => alg)],
    open: () => ({
      async signer(_now, algorithm = first.alg) {
        const signer = signers.find(({ alg }) => alg === algorithm)
        if (signer === undefined) throw new TypeError(`there is no signing key for ${algorithm}`)
        return signer
      },
      jwks: async () => ({ keys }),
    }),
  }
}
