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
    expect(await testVerifier().accept(await client.proof())).toStrictEqual({ jkt: client.jkt })
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

  it.each(['RS384', 'RS512', 'PS384', 'PS512'])(
    'may be signed with %s where the server says so',
    async (algorithm) => {
      const other = await testClient(algorithm)
      const proof = await other.proof()
      expect(await testVerifier({ algorithms: [algorithm] }).judge(proof)).toBe(other.jkt)
      expect(await testVerifier().refusal(proof)).toBe(
        'the DPoP proof must be signed with ES256, EdDSA, Ed25519, RS256, PS256, ES384, ES512',
      )
    },
  )

  it('may be for a server on this machine, without TLS', async () => {
    const here = 'http://localhost:3000/token'
    expect(await testVerifier().judge(await client.proof({ htu: here }), { url: here })).toBe(client.jkt)
  })

  it('is for one access token, when there is one', async () => {
    const ath = await sha256Base64url('token-1')
    const refusal = async (claims: object, accessToken: string) =>
      testVerifier().refusal(await client.proof({ ...claims }), { accessToken })
    expect(await refusal({ ath }, 'token-1')).toBe('it is accepted')
    expect(await refusal({ ath }, 'token-2')).toBe('ath is not the hash of the access token')
    expect(await refusal({}, 'token-1')).toBe('ath is not the hash of the access token')
    expect(await refusal({ ath: [ath] }, 'token-1')).toBe('ath is not the hash of the access token')
  })

  it('may be as long as 8,192 characters with a jti of 256, and no longer', async () => {
    // Some lengths are out of reach of base64url, so both parts are made longer.
    const ofLength = async (length: number) => {
      for (const kid of ['', 'x', 'xx'])
        for (let pad = 5300; pad < 5800; pad++) {
          const proof = await client.proof({ jti: 'x'.repeat(256), pad: 'x'.repeat(pad) }, { kid })
          if (proof.length === length) return proof
          if (proof.length > length) break
        }
      throw new Error(`no proof has ${length} characters`)
    }
    expect(await testVerifier().judge(await ofLength(8192))).toBe(client.jkt)
    expect(await testVerifier().refusal(await ofLength(8193))).toBe('the DPoP proof is too long')
  })
})

describe('a proof is refused', () => {
  it('when it is missing', async () => {
    expect(await testVerifier().judge(null)).toBe('invalid_dpop_proof')
    expect(await testVerifier().refusal(null)).toBe('a DPoP proof is required')
  })

  const htm = 'htm is not the method of this request'
  const htu = 'htu is not the URL of this request'
  const jti = 'jti must be a text of at most 256 characters'
  const iat = 'iat is missing'
  const signature = 'the DPoP proof is not a dpop+jwt with a valid signature'
  it.each([
    ['htm in lower case', { htm: 'post' }, htm],
    ['another htm', { htm: 'GET' }, htm],
    ['no htm', { htm: undefined }, htm],
    ['a htu of another host', { htu: 'https://evil.example/token' }, htu],
    ['a htu of another path', { htu: 'https://auth.example.com/token/x' }, htu],
    ['a htu of another scheme', { htu: 'http://auth.example.com/token' }, htu],
    ['a htu with a user name', { htu: 'https://x@auth.example.com/token' }, htu],
    ['a htu with a password', { htu: 'https://:x@auth.example.com/token' }, htu],
    ['a htu that is a number', { htu: 7 }, htu],
    ['a htu that is a list', { htu: [url] }, htu],
    ['a htu that is no URL', { htu: '/token' }, htu],
    ['no htu', { htu: undefined }, htu],
    ['no jti', { jti: undefined }, jti],
    ['an empty jti', { jti: '' }, jti],
    ['a jti that is a number', { jti: 7 as never }, jti],
    ['no iat', { iat: undefined }, iat],
    ['an iat that is a text', { iat: '1' as never }, signature],
    ['a nonce that is a number', { nonce: 7 }, 'nonce must be a text'],
  ])('DP-03 for %s', async (_what, claims, message) => {
    const proof = await client.proof(claims as JWTPayload)
    expect(await testVerifier().judge(proof)).toBe('invalid_dpop_proof')
    expect(await testVerifier().refusal(proof)).toBe(message)
  })

  it.each(['custom://auth.example.com/token', 'xhttps://auth.example.com/token', 'urn:token', 'nothing'])(
    'DP-03 for any request to %s, which no proof can be for',
    async (odd) => {
      const proof = await client.proof({ htu: odd })
      expect(await testVerifier().refusal(proof, { url: odd })).toBe(htu)
    },
  )

  it('DP-06 when it was made 60 seconds ago, or over 10 seconds in the future', async () => {
    const at = async (offset: number) =>
      testVerifier().judge(await client.proof({ iat: start / 1000 + offset }))
    for (const offset of [-59, 0, 10]) expect(await at(offset), String(offset)).toBe(client.jkt)
    for (const offset of [-120, -60, 11, 120])
      expect(await at(offset), String(offset)).toBe('invalid_dpop_proof')
    const old = await client.proof({ iat: 1 })
    expect(await testVerifier().refusal(old)).toBe(
      'iat is too far from the time of the server; check the clock of the client',
    )
  })

  const noKey = 'jwk is not a public key for the algorithm of the DPoP proof'
  it.each([
    ['another type', { typ: 'JWT' }, signature],
    ['the key of somebody else', { jwk: stranger.jwk }, signature],
    ['no key', { jwk: undefined }, noKey],
    ['a private key', { jwk: client.privateJwk }, noKey],
    ['a key that is a text', { jwk: 'key' }, noKey],
    ['a symmetric key', { jwk: { kty: 'oct', k: 'c2VjcmV0' } }, noKey],
    ['a key on an unknown curve', { jwk: { ...client.jwk, crv: 'secp256k1' } }, noKey],
  ])('with %s in its header', async (_what, header, message) => {
    const proof = await client.proof({}, header)
    expect(await testVerifier().judge(proof)).toBe('invalid_dpop_proof')
    expect(await testVerifier().refusal(proof)).toBe(message)
  })

  it('when its algorithm is symmetric, none, or not taken here', async () => {
    const [, payload] = (await client.proof()).split('.')
    const header = (alg: string) => btoa(JSON.stringify({ typ: 'dpop+jwt', alg, jwk: client.jwk }))
    for (const alg of ['none', 'HS256', 'ES256K'])
      expect(await testVerifier().refusal(`${header(alg).replaceAll('=', '')}.${payload}.AA`)).toBe(
        'the DPoP proof must be signed with ES256, EdDSA, Ed25519, RS256, PS256, ES384, ES512',
      )
    const rsa = await testClient('RS256')
    expect(await testVerifier({ algorithms: ['ES256', 'ES384'] }).refusal(await rsa.proof())).toBe(
      'the DPoP proof must be signed with ES256, ES384',
    )
  })

  it('when there are two, or none that is a JWT', async () => {
    const [one, two] = [await client.proof(), await client.proof()]
    for (const header of [`${one}, ${two}`, '', 'x', `${one}.x`, `Bearer ${one}`, `${one} x`])
      expect(await testVerifier().refusal(header), header).toBe('the DPoP header must carry one JWT')
    expect(await testVerifier().judge('a.b.c')).toBe('invalid_dpop_proof')
    expect(await testVerifier().refusal('a.b.c')).toBe('the DPoP proof is not a JWT')
  })

  it('DP-16 with a jti of 10 KB, or a key that would cost seconds', async () => {
    const modulus = 'x'.repeat(2731)
    const refusal = async (claims: JWTPayload, header = {}, of = client) =>
      testVerifier().refusal(await of.proof(claims, header))
    expect(await refusal({ jti: 'x'.repeat(10_240) })).toBe('the DPoP proof is too long')
    expect(await refusal({ jti: 'x'.repeat(257) })).toBe(jti)
    expect(await refusal({}, { jwk: { kty: 'RSA', n: modulus, e: 'AQAB' } })).toBe(noKey)
    const rsa = await testClient('RS256')
    expect(await refusal({}, { jwk: { ...rsa.jwk, e: 'x'.repeat(300) } }, rsa)).toBe(noKey)
    expect(await refusal({}, { jwk: { ...rsa.jwk, n: modulus } }, rsa)).toBe(noKey)
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
    const again = await client.proof()
    const today = testVerifier()
    await today.accept(again)
    expect(await today.refusal(again)).toBe('the DPoP proof was used before')
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
    expect(first).toMatchObject({
      code: 'use_dpop_nonce',
      status: 400,
      message: 'the DPoP proof must carry the nonce of the server',
    })
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
    expect(await verifier.accept(await client.proof({ nonce: nextNonce, iat }))).toStrictEqual({
      jkt: client.jkt,
    })
  })

  it('every process with the secret knows them, and nobody without it', async () => {
    const { headers } = await refusal(testVerifier({ nonce }), await client.proof())
    const proof = await client.proof({ nonce: headers['dpop-nonce'] })
    expect(await testVerifier({ nonce }).judge(proof)).toBe(client.jkt)
    expect(await testVerifier({ nonce: { secret: 'x'.repeat(32) } }).judge(proof)).toBe('use_dpop_nonce')
  })
})

describe('the options', () => {
  const known = 'ES256, EdDSA, Ed25519, RS256, PS256, ES384, ES512, RS384, RS512, PS384, PS512'
  const secret = 'x'.repeat(32)
  it.each([
    ['no algorithm', { algorithms: [] }, `dpop: algorithms must be of ${known}, got undefined`],
    ['a symmetric algorithm', { algorithms: ['HS256'] }, `dpop: algorithms must be of ${known}, got HS256`],
    ['an endless lifetime', { lifetime: Infinity }, 'dpop: lifetime must be 1 to 300 seconds, got Infinity'],
    ['too long a lifetime', { lifetime: 301 }, 'dpop: lifetime must be 1 to 300 seconds, got 301'],
    ['a lifetime of zero', { lifetime: 0 }, 'dpop: lifetime must be 1 to 300 seconds, got 0'],
    [
      'a lifetime that is a text',
      { lifetime: '60' as never },
      'dpop: lifetime must be 1 to 300 seconds, got 60',
    ],
    ['a short secret', { nonce: { secret: 'short' } }, 'nonce.secret must have 32 characters or more'],
    [
      'a secret that is a list',
      { nonce: { secret: secret.split('') as never } },
      'nonce.secret must have 32 characters or more',
    ],
    [
      'no lifetime of nonces',
      { nonce: { secret, lifetime: 0 } },
      'nonce.lifetime must be a number of seconds',
    ],
    [
      'an endless one',
      { nonce: { secret, lifetime: Infinity } },
      'nonce.lifetime must be a number of seconds',
    ],
  ])('%s is a TypeError', (_what, options, message) => {
    expect(() => createDpopVerifier(options)).toThrow(new TypeError(message))
  })

  it.each([[{ lifetime: 1 }], [{ lifetime: 300 }], [{ nonce: { secret, lifetime: 1 } }]])(
    'may be at their bounds: %j',
    (options) => {
      expect(() => createDpopVerifier(options)).not.toThrow()
    },
  )
})
