import { describe, expect, it } from 'vitest'
import { generateKey, jwkThumbprint, signWith, verifyWith } from '@gatewright/core'

const data = new TextEncoder().encode('what is signed')

describe('a generated key', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'signs by its algorithm, and nothing else: %s',
    async (alg) => {
      const { privateJwk, publicJwk } = await generateKey(alg)
      const [sign, verify] = [await signWith(privateJwk, alg), await verifyWith(publicJwk, alg)]
      expect(await verify(data, await sign(data))).toBe(true)
      const other = await verifyWith((await generateKey(alg)).publicJwk, alg)
      expect(await other(data, await sign(data))).toBe(false)
    },
  )

  it.each([
    ['ES256', ['crv', 'kty', 'x', 'y']],
    ['EdDSA', ['crv', 'kty', 'x']],
    ['RS256', ['e', 'kty', 'n']],
  ] as const)('has no private or superfluous member in its public half: %s', async (alg, members) => {
    expect(Object.keys((await generateKey(alg)).publicJwk).toSorted()).toEqual(members)
  })
})

describe('the thumbprint of a key', () => {
  it('is the one of RFC 7638 and of RFC 8037', async () => {
    const rsa = {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    }
    expect(await jwkThumbprint(rsa)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
    const okp = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', d: 'secret' }
    expect(await jwkThumbprint(okp)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it.each([
    { kty: 'oct', k: 'AQAB' },
    { kty: 'EC', crv: 'P-256', x: 'AQAB' },
    { crv: 'P-256' },
    { kty: 'constructor' },
    { kty: 'RSA', n: '', e: 'AQAB' },
  ])('is none for what is no whole public key: %o', async (jwk) => {
    await expect(jwkThumbprint(jwk)).rejects.toThrow(/has no thumbprint/)
  })
})
