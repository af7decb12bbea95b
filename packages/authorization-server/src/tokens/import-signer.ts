import type { Signer } from '@gatewright/core'
import { calculateJwkThumbprint, importJWK } from 'jose'
import type { JWK } from 'jose'
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
  const publicJwk: JWK = Object.fromEntries(members.filter(([name]) => !privateMembers.has(name)))
  const problem = publicKeyProblem({ ...publicJwk }, alg)
  if (problem !== undefined) throw new TypeError(`importSigner: the key ${problem}`)
  const key = await importJWK({ ...(privateJwk as JWK), alg }, alg)
  if (key instanceof Uint8Array) throw new TypeError('importSigner: the key is symmetric')
  return {
    alg,
    kid: publicJwk.kid ?? (await calculateJwkThumbprint(publicJwk)),
    publicJwk,
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(parametersOf(alg), key, data)),
  }
}

function parametersOf(alg: string): AlgorithmIdentifier | EcdsaParams | RsaPssParams {
  const hash = `SHA-${alg.slice(2)}`
  if (alg.startsWith('ES')) return { name: 'ECDSA', hash }
  if (alg.startsWith('RS')) return { name: 'RSASSA-PKCS1-v1_5' }
  if (alg.startsWith('PS')) return { name: 'RSA-PSS', saltLength: Number(alg.slice(2)) / 8 }
  return { name: 'Ed25519' }
}
