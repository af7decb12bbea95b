import { generateKey, jwkThumbprint, signWith } from '@gatewright/core'
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

/** Generates a key pair. Its id is the thumbprint of its public key. @see [RFC 7638 §3](https://www.rfc-editor.org/rfc/rfc7638.html#section-3) */
export async function createKeyRecord(alg: SigningAlgorithm, vault: Vault | undefined): Promise<KeyRecord> {
  const pair = await generateKey(alg)
  const kid = await jwkThumbprint(pair.publicJwk)
  const privateJwk = JSON.stringify(pair.privateJwk)
  return {
    schema: 1,
    kid,
    alg,
    publicJwk: { ...(pair.publicJwk as Record<string, string>), kid, alg, use: 'sig' },
    privateKey: vault === undefined ? privateJwk : await vault.seal(privateJwk, kid),
  }
}

/** Opens a stored key pair for signing. @throws {TypeError} that says what to do, when it was sealed with another secret */
export async function loadSigner(record: KeyRecord, vault: Vault | undefined): Promise<Signer> {
  return {
    alg: record.alg,
    kid: record.kid,
    publicJwk: record.publicJwk,
    sign: await signWith(await openPrivateKey(record, vault), record.alg),
  }
}

async function openPrivateKey({ privateKey, kid }: KeyRecord, vault: Vault | undefined): Promise<JsonWebKey> {
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
