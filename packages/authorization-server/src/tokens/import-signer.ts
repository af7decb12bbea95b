import { jwkThumbprint, signWith } from '@gatewright/core'
import type { Signer } from '@gatewright/core'
import { publicKeyProblem } from './public-key-problem.ts'

const privateMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'key_ops', 'ext'])

/**
 * A signer of a private key that you keep yourself, for `externalKeys`.
 *
 * @throws {TypeError} when the key is not private, is weak, or is not for the algorithm
 * @see [RFC 7517 §4 - JSON Web Key (JWK) Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-4)
 */
export async function importSigner(privateJwk: JsonWebKey, alg: string): Promise<Signer> {
  const members = Object.entries(privateJwk)
  if (privateJwk.d === undefined) throw new TypeError('importSigner: the key is not private')
  const publicJwk: JsonWebKey & { readonly kid?: string } = Object.fromEntries(
    members.filter(([name]) => !privateMembers.has(name)),
  )
  const problem = publicKeyProblem({ ...publicJwk }, alg)
  if (problem !== undefined) throw new TypeError(`importSigner: the key ${problem}`)
  return {
    alg,
    kid: publicJwk.kid ?? (await jwkThumbprint(publicJwk)),
    publicJwk,
    sign: await signWith(privateJwk, alg),
  }
}
