import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Signer } from '@gatewright/core'
import type { Vault } from '@gatewright/storage/vault'
import type { SigningAlgorithm } from './signing-keys.ts'

/** A key pair as it is stored. */
export interface KeyRecord {
  readonly schema: 1
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly publicJwk: Readonly<Record<string, string>>
  /** The private key as JWK text, sealed unless the operator chose otherwise. */
  readonly privateKey: string
}

const signAlgorithm: Readonly<Record<SigningAlgorithm, AlgorithmIdentifier | EcdsaParams>> = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  EdDSA: { name: 'Ed25519' },
}

/** Generates a key pair. Its id is the thumbprint of its public key. @see [RFC 7638 §3](https://www.rfc-editor.org/rfc/rfc7638.html#section-3) */
export async function createKeyRecord(alg: SigningAlgorithm, vault: Vault | undefined): Promise<KeyRecord> {
  const pair = await generateKeyPair(alg, { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey))
  return {
    schema: 1,
    kid,
    alg,
    publicJwk: { ...(publicJwk as Record<string, string>), kid, alg, use: 'sig' },
    privateKey: vault === undefined ? privateJwk : await vault.seal(privateJwk, kid),
  }
}

/** Opens a stored key pair for signing. @throws {TypeError} that says what to do, when it was sealed with another secret */
export async function loadSigner(record: KeyRecord, vault: Vault | undefined): Promise<Signer> {
  const privateKey = await importJWK(await openPrivateKey(record, vault), record.alg)
  if (privateKey instanceof Uint8Array) throw new TypeError('a signing key must be asymmetric')
  return {
    alg: record.alg,
    kid: record.kid,
    publicJwk: record.publicJwk,
    sign: async (data) =>
      new Uint8Array(await crypto.subtle.sign(signAlgorithm[record.alg], privateKey, data)),
  }
}

async function openPrivateKey({ privateKey, kid }: KeyRecord, vault: Vault | undefined): Promise<JWK> {
  try {
    return JSON.parse(vault === undefined ? privateKey : await vault.open(privateKey, kid))
  } catch (cause) {
    // Another key in its place would end every token at once, and nobody would know why.
    throw new TypeError(
      `the signing key ${kid} cannot be opened: it was stored with another "seal". Give back the secret that it was ` +
        'sealed with; to change it, pass both as a list, the new one first. If it is lost, delete the records of ' +
        'the collection signing_keys: tokens that are out then end.',
      { cause },
    )
  }
}
