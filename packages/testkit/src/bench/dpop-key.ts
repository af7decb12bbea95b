import { defaultRuntime, sha256Base64url } from '@gatewright/core'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import { NotApplicable } from '../check.ts'
import type { Answer } from './answer.ts'
import { randomValue } from './authorization.ts'
import type { Bench } from './bench.ts'

/** What a proof says. A check changes some of it to make one that nobody may accept. */
export interface Proof {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** A key that tokens are bound to, and the proofs that it makes. */
export interface ProofKey {
  readonly jkt: string
  readonly privateKey: CryptoKey
  readonly privateJwk: JWK
  /** A proof for a request; `signedBy` puts another key in the place of its own. */
  prove(
    method: string,
    url: URL,
    change?: (proof: Proof) => Proof,
    token?: string,
    signedBy?: CryptoKey,
  ): Promise<string>
}

/** Makes a key for an algorithm that the server takes. @throws {NotApplicable} when it takes no proofs */
export async function createProofKey(bench: Bench): Promise<ProofKey> {
  const taken = await bench.listed('dpop_signing_alg_values_supported')
  const algorithm = ['ES256', 'EdDSA', 'RS256', 'PS256'].find((name) => taken.includes(name))
  if (algorithm === undefined)
    throw new NotApplicable('the metadata names no dpop_signing_alg_values_supported')
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    jkt: await calculateJwkThumbprint(jwk),
    privateKey,
    privateJwk: await exportJWK(privateKey),
    async prove(method, url, change = (proof) => proof, token, signedBy = privateKey) {
      const ath = token === undefined ? {} : { ath: await sha256Base64url(token) }
      const { header, claims } = change({
        header: { alg: algorithm, typ: 'dpop+jwt', jwk },
        claims: {
          jti: randomValue(),
          htm: method,
          htu: url.origin + url.pathname,
          iat: Math.floor(defaultRuntime.now() / 1000),
          ...ath,
        },
      })
      return new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: algorithm }).sign(signedBy)
    },
  }
}

/** Sends with a proof, and once more with the server's nonce when it demands one. */
export async function sendProven(
  prove: (nonce: Readonly<Record<string, string>>) => Promise<string>,
  send: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
): Promise<Answer> {
  const answer = await send({ dpop: await prove({}) })
  const nonce = answer.headers.get('dpop-nonce')
  const demanded =
    answer.json['error'] === 'use_dpop_nonce' ||
    answer.headers.get('www-authenticate')?.includes('use_dpop_nonce') === true
  return demanded && nonce !== null ? send({ dpop: await prove({ nonce }) }) : answer
}
