import { importSigner } from '@gatewright/authorization-server'
import type { Signer } from '@gatewright/core'
import { exportJWK, generateKeyPair } from 'jose'

/** A new key as a signer. */
export async function signerOf(alg: string): Promise<Signer> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 })
  return importSigner(await exportJWK(privateKey), alg)
}
