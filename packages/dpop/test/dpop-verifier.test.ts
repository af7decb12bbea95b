// RFC 9449 §4.3: https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3
import { sha256Base64url } from '@gatewright/core'
import type { OAuthError } from '@gatewright/core'
import { createDpopVerifier } from '@gatewright/dpop'
import type { JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { start, testClient, testVerifier, url } from './support/proofs.ts'

const client = await testClient()
const stranger = await testClient()

describe('a sound proof', () => {
  it('names the key that signed it', async () => {
    expect(await testVerifier().accept(await client.proof())).toEqual({ jkt: client.jkt })
  })

  it.each(['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256', 'ES384', 'ES512'])(
    'may be signed with %s',
    async (algorithm) => {
      const other = await testClient(algorithm)
      expect(await testVerifier().judge(await other.proof())).toBe(other.jkt)
    },
  )

  it.each([
    ['a query and a fragment', `${url}?x=1#y`],
    ['the host in upper case', 'https://AUTH.example.COM/token'],
    ['the default port', 'https://auth.example.com:443/token'],
    ['dot segments', 'https://auth.example.com/x/../token'],
  ])('DP-04 may have a htu with %s', async (_what, htu) => {
    expect(await testVerifier().judge(await client.proof({ htu }))).toBe(client.jkt)
  })

  it('is for one access token, when there is one', async () => {
    const ath = await sha256Base64url('token-1')
    const judge = async (claims: object, accessToken: string) =>
      testVerifier().judge(await client.proof({ ...claims }), { accessToken })
    expect(await judge({ ath }, 'token-1')).toBe(client.jkt)
    expect(await judge({ ath }, 'token-2')).toBe('invalid_dpop_proof')
    expect(await judge({}, 'token-1')).toBe('invalid_dpop_proof')
  })
})

describe('a proof is refused', () => {
  it('when it is missing', async () => {
    expect(await testVerifier().judge(null)).toBe('invalid_dpop_proof')
  })

  it.each([
    ['htm in lower case', { htm: 'post' }],
    ['another htm', { htm: 'GET' }],
    ['no htm', { htm: undefined }],
    ['a htu of another host', { htu: 'https://evil.example/token' }],
    ['a htu of another path', { htu: 'https://auth.example.com/token/x' }],
    ['a htu of another scheme', { htu: 'http://auth.example.com/token' }],
    ['a htu with credentials', { htu: 'https://x@auth.example.com/token' }],
    ['a htu that is a number', { htu: 7 }],
    ['a htu that is no URL', { htu: '/token' }],
    ['no htu', { htu: undefined }],
    ['no jti', { jti: undefined }],
    ['a jti that is a number', { jti: 7 as never }],
    ['no iat', { iat: undefined }],
    ['an iat that is a text', { iat: '1' as never }],
    ['a nonce that is a number', { nonce: 7 }],
  ])('DP-03 for %s', async (_what, claims) => {
    expect(await testVerifier().judge(await client.proof(claims as JWTPayload))).toBe('invalid_dpop_proof')
  })

  it('DP-06 when it was made 60 seconds ago, or over 10 seconds in the future', async () => {
    const at = async (offset: number) =>
      testVerifier().judge(await client.proof({ iat: start / 1000 + offset }))
    for (const offset of [-59, 0, 10]) expect(await at(offset), String(offset)).toBe(client.jkt)
    for (const offset of [-120, -60, 11, 120])
      expect(await at(offset), String(offset)).toBe('invalid_dpop_proof')
  })

  it.each([
    ['another type', { typ: 'JWT' }],
    ['no key', { jwk: undefined }],
    ['the key of somebody else', { jwk: stranger.jwk }],
    ['a private key', { jwk: client.privateJwk }],
    ['a key that is a text', { jwk: 'key' }],
    ['a symmetric key', { jwk: { kty: 'oct', k: 'c2VjcmV0' } }],
    ['a key on an unknown curve', { jwk: { ...client.jwk, crv: 'secp256k1' } }],
  ])('with %s in its header', async (_what, header) => {
    expect(await testVerifier().judge(await client.proof({}, header))).toBe('invalid_dpop_proof')
  })

  it('when its algorithm is symmetric, none, or not taken here', async () => {
    const [, payload] = (await client.proof()).split('.')
    const header = (alg: string) => btoa(JSON.stringify({ typ: 'dpop+jwt', alg, jwk: client.jwk }))
    for (const alg of ['none', 'HS256', 'ES256K'])
      expect(await testVerifier().judge(`${header(alg).replaceAll('=', '')}.${payload}.AA`)).toBe(
        'invalid_dpop_proof',
      )
    const rsa = await testClient('RS256')
    expect(await testVerifier({ algorithms: ['ES256'] }).judge(await rsa.proof())).toBe('invalid_dpop_proof')
  })

  it('when there are two, or none that is a JWT', async () => {
    const [one, two] = [await client.proof(), await client.proof()]
    for (const header of [`${one}, ${two}`, '', 'x', 'a.b.c', `${one}.x`, `Bearer ${one}`])
      expect(await testVerifier().judge(header), header).toBe('invalid_dpop_proof')
  })

  it('DP-16 with a jti of 10 KB, or a key that would cost seconds', async () => {
    const modulus = 'x'.repeat(2731)
    for (const proof of [
      await client.proof({ jti: 'x'.repeat(10_240) }),
      await client.proof({ jti: 'x'.repeat(257) }),
      await client.proof({}, { alg: 'ES256', jwk: { kty: 'RSA', n: modulus, e: 'AQAB' } }),
    ])
      expect(await testVerifier().judge(proof)).toBe('invalid_dpop_proof')
    const rsa = await testClient('RS256')
    const judge = async (jwk: object) => testVerifier().judge(await rsa.proof({}, { jwk }))
    expect(await judge({ ...rsa.jwk, e: 'x'.repeat(300) })).toBe('invalid_dpop_proof')
    expect(await judge({ ...rsa.jwk, n: modulus })).toBe('invalid_dpop_proof')
  })
})

describe('a proof is good once', () => {
  it('a second time it is refused, for as long as it would be fresh', async () => {
    const verifier = testVerifier()
    const proof = await client.proof({ iat: start / 1000 + 10 })
    expect(await verifier.judge(proof)).toBe(client.jkt)
    for (const seconds of [0, 30, 39, 1]) {
      verifier.advance(seconds)
      expect(await verifier.judge(proof)).toBe('invalid_dpop_proof')
    }
  })

  it('CC-04 of 100 parallel uses exactly one is accepted', async () => {
    const verifier = testVerifier()
    const proof = await client.proof()
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => verifier.judge(proof)))
    expect(verdicts.filter((verdict) => verdict === client.jkt)).toHaveLength(1)
  })

  it('two clients may draw the same jti', async () => {
    const verifier = testVerifier()
    const other = await testClient()
    expect(await verifier.judge(await client.proof({ jti: 'same' }))).toBe(client.jkt)
    expect(await verifier.judge(await other.proof({ jti: 'same' }))).toBe(other.jkt)
  })

  it('a proof that was refused is not used up', async () => {
    const verifier = testVerifier()
    const proof = await client.proof()
    expect(await verifier.judge(proof, { method: 'GET' })).toBe('invalid_dpop_proof')
    expect(await verifier.judge(proof)).toBe(client.jkt)
  })

  it('DP-16 what is remembered lapses with the proof, however many there were', async () => {
    const kept: number[] = []
    const memory = {
      once: async (_namespace: string, _id: string, expiresAt: number) => kept.push(expiresAt) > 0,
    }
    const services = { memory, namespace: 'dpop', now: start }
    const request = { method: 'POST', url }
    for (let index = 0; index < 50; index++)
      await createDpopVerifier().accept(await client.proof({ jti: `${index}` }), request, services)
    expect(kept).toHaveLength(50)
    expect(Math.max(...kept)).toBeLessThanOrEqual(start + 70_000)
  })

  it('a memory that fails accepts nothing', async () => {
    const memory = { once: () => Promise.reject(new Error('the database is gone')) }
    const accepted = createDpopVerifier().accept(
      await client.proof(),
      { method: 'POST', url },
      { memory, namespace: 'dpop', now: start },
    )
    await expect(accepted).rejects.toThrow('the database is gone')
  })
})

describe('with nonces', () => {
  const nonce = { secret: 'a secret of tests with more than 32 characters', lifetime: 300 }
  const refusal = (verifier: ReturnType<typeof testVerifier>, proof: string): Promise<OAuthError> =>
    verifier.accept(proof).then(
      () => Promise.reject(new Error('accepted')),
      (error: OAuthError) => error,
    )

  it('DP-12 DP-13 a proof without one is told which to use, also after it used one before', async () => {
    const verifier = testVerifier({ nonce })
    const first = await refusal(verifier, await client.proof())
    expect(first).toMatchObject({ code: 'use_dpop_nonce', status: 400 })
    const given = first.headers['dpop-nonce'] ?? ''
    expect(given).toMatch(/^[\w-]{22}$/)
    expect(await verifier.judge(await client.proof({ nonce: given }))).toBe(client.jkt)
    expect(await verifier.judge(await client.proof())).toBe('use_dpop_nonce')
  })

  it('DP-12 a stale or invented one is told the current one', async () => {
    const verifier = testVerifier({ nonce })
    const { headers } = await refusal(verifier, await client.proof())
    const old = headers['dpop-nonce'] ?? ''
    verifier.advance(600)
    const iat = start / 1000 + 600
    const stale = await refusal(verifier, await client.proof({ nonce: old, iat }))
    expect(stale.code).toBe('use_dpop_nonce')
    expect(stale.headers['dpop-nonce']).not.toBe(old)
    expect(await verifier.judge(await client.proof({ nonce: 'invented', iat }))).toBe('use_dpop_nonce')
  })

  it('one that is about to lapse is taken, and the next one given along', async () => {
    const verifier = testVerifier({ nonce })
    const { headers } = await refusal(verifier, await client.proof())
    verifier.advance(301)
    const iat = start / 1000 + 301
    const { nextNonce } = await verifier.accept(await client.proof({ nonce: headers['dpop-nonce'], iat }))
    expect(nextNonce).toMatch(/^[\w-]{22}$/)
    expect(await verifier.accept(await client.proof({ nonce: nextNonce, iat }))).toEqual({ jkt: client.jkt })
  })

  it('every process with the secret knows them, and nobody without it', async () => {
    const { headers } = await refusal(testVerifier({ nonce }), await client.proof())
    const proof = await client.proof({ nonce: headers['dpop-nonce'] })
    expect(await testVerifier({ nonce }).judge(proof)).toBe(client.jkt)
    expect(await testVerifier({ nonce: { secret: 'x'.repeat(32) } }).judge(proof)).toBe('use_dpop_nonce')
  })
})

describe('the options', () => {
  it.each([
    ['no algorithm', { algorithms: [] }],
    ['a symmetric algorithm', { algorithms: ['HS256'] }],
    ['an endless lifetime', { lifetime: Infinity }],
    ['a lifetime of zero', { lifetime: 0 }],
    ['a lifetime that is a text', { lifetime: '60' as never }],
    ['a short secret', { nonce: { secret: 'short' } }],
    ['no lifetime of nonces', { nonce: { secret: 'x'.repeat(32), lifetime: 0 } }],
  ])('%s is a TypeError', (_what, options) => {
    expect(() => createDpopVerifier(options)).toThrow(TypeError)
  })
})
