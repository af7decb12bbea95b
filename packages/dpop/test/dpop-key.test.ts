// RFC 9449 §4.2: https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2
import { sha256Base64url } from '@gatewright/core'
import { createDpopKey } from '@gatewright/dpop'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { start, testVerifier, url } from './support/proofs.ts'

const runtime = {
  now: () => start + 999,
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
}

describe('a proof that a client makes', () => {
  it('is accepted once, for its request and its token', async () => {
    const key = await createDpopKey({ runtime })
    const verifier = testVerifier()
    const proof = await key.prove({ method: 'POST', url: `${url}?x=1#y`, accessToken: 'token-1' })
    expect(await verifier.judge(proof, { accessToken: 'token-1' })).toBe(key.jkt)
    expect(await verifier.judge(proof, { accessToken: 'token-1' })).toBe('invalid_dpop_proof')
  })

  it('says no more than it must', async () => {
    const key = await createDpopKey({ runtime })
    const proof = await key.prove({
      method: 'GET',
      url: new URL(`${url}?x=1`),
      accessToken: 'token-1',
      nonce: 'n',
    })
    const { jwk, ...header } = decodeProtectedHeader(proof)
    expect(header).toEqual({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(await calculateJwkThumbprint(jwk ?? {})).toBe(key.jkt)
    const ath = await sha256Base64url('token-1')
    const { jti, ...claims } = decodeJwt(proof)
    expect(claims).toEqual({ htm: 'GET', htu: url, iat: start / 1000, nonce: 'n', ath })
    expect(jti).toMatch(/^[\w-]{22}$/)
  })

  it('may be made with a key pair that was kept', async () => {
    const keyPair = await generateKeyPair('EdDSA')
    const [one, two] = [
      await createDpopKey({ keyPair, algorithm: 'EdDSA', runtime }),
      await createDpopKey({ keyPair, algorithm: 'EdDSA', runtime }),
    ]
    expect(one.jkt).toBe(two.jkt)
    expect(await testVerifier().judge(await one.prove({ method: 'POST', url }))).toBe(two.jkt)
  })
})
