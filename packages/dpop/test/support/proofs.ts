import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
import { createDpopVerifier } from '@gatewright/dpop'
import type { DpopOptions, ProvenRequest } from '@gatewright/dpop'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'

export const start = Date.UTC(2026, 0, 1)
export const url = 'https://auth.example.com/token'

/** A client that can also make proofs that no client should. */
export async function testClient(algorithm = 'ES256', modulusLength = 2048) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength })
  const jwk = await exportJWK(publicKey)
  let count = 0
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    jkt: await calculateJwkThumbprint(jwk),
    proof(claims: JWTPayload = {}, header: Readonly<Record<string, unknown>> = {}) {
      const sound = { jti: `jti-${count++}`, htm: 'POST', htu: url, iat: start / 1000 }
      return new SignJWT({ ...sound, ...claims })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk, ...header })
        .sign(privateKey)
    },
  }
}

/** A verifier with a memory and a clock of its own; answers `jkt`, or the error code. */
export function testVerifier(options: DpopOptions = {}) {
  let now = start
  const storage = createMemoryStorage()
  const memory = createReplayStore(storage)
  const verifier = createDpopVerifier(options)
  return {
    storage,
    advance: (seconds: number) => void (now += seconds * 1000),
    accept: (header: string | null, request: Partial<ProvenRequest> = {}) =>
      verifier.accept(header, { method: 'POST', url, ...request }, { memory, namespace: 'dpop', now }),
    /** Why it is refused. */
    async refusal(header: string | null, request: Partial<ProvenRequest> = {}): Promise<string> {
      return this.accept(header, request).then(
        () => 'it is accepted',
        (error: { message: string }) => error.message,
      )
    },
    async judge(header: string | null, request: Partial<ProvenRequest> = {}): Promise<string> {
      return this.accept(header, request).then(
        ({ jkt }) => jkt,
        (error: { code: string }) => error.code,
      )
    },
  }
}
