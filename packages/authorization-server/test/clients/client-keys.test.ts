import { beforeAll, describe, expect, it } from 'vitest'
import { metadataDocuments, registered } from '@gatewright/authorization-server'
import { accepted, assertionServer, keyPair, present, refused, signAssertion } from '../support/assertions.ts'
import type { KeyPair } from '../support/assertions.ts'
import { documentHost, documentOf, documentUrl } from '../support/document-host.ts'

const jwksUri = 'https://client.example.com/jwks.json'
let first: KeyPair
let second: KeyPair
beforeAll(async () => {
  first = await keyPair('k1')
  second = await keyPair('k2')
})

function setUp() {
  const host = documentHost()
  host.serve(jwksUri, { keys: [first.jwk] })
  const test = assertionServer({ jwks_uri: jwksUri }, { clientUrls: { fetch: host.fetch } })
  const sign = (pair: KeyPair) => signAssertion(pair, test.clock.now())
  return { ...test, host, sign }
}

describe('keys behind a URL', () => {
  it('are fetched once for many, and again after an hour', async () => {
    const test = setUp()
    const assertions = await Promise.all(Array.from({ length: 20 }, () => test.sign(first)))
    for (const verdict of await Promise.all(assertions.map((assertion) => present(test, assertion))))
      expect(verdict).toEqual(accepted)
    expect(test.host.requests).toHaveLength(1)
    test.clock.advance(3600)
    expect(await present(test, await test.sign(first))).toEqual(accepted)
    expect(test.host.requests).toHaveLength(2)
  })

  it('CA-21 an unknown key id asks again once in 30 seconds', async () => {
    const test = setUp()
    await present(test, await test.sign(first))
    test.clock.advance(31)
    for (let request = 0; request < 100; request++)
      expect(await present(test, await test.sign(second))).toEqual(refused)
    expect(test.host.requests).toHaveLength(2)
    // A key that is known goes on meanwhile.
    expect(await present(test, await test.sign(first))).toEqual(accepted)
    test.host.serve(jwksUri, { keys: [first.jwk, second.jwk] })
    test.clock.advance(30)
    expect(await present(test, await test.sign(second))).toEqual(accepted)
    expect(test.host.requests).toHaveLength(3)
  })

  it('CA-21 a host that never had keys is asked once in 30 seconds', async () => {
    const test = setUp()
    test.host.answer(jwksUri, new Error('ECONNREFUSED'))
    for (let request = 0; request < 100; request++)
      expect(await present(test, await test.sign(first))).toEqual(refused)
    expect(test.host.requests).toHaveLength(1)
  })

  it('the last good copy serves for a day while the host is away', async () => {
    const test = setUp()
    await present(test, await test.sign(first))
    test.host.answer(jwksUri, new Error('ECONNREFUSED'))
    test.clock.advance(86_000)
    expect(await present(test, await test.sign(first))).toEqual(accepted)
    test.clock.advance(400)
    expect(await present(test, await test.sign(first))).toEqual(refused)
  })

  it('a key that the client took away is not taken after an hour', async () => {
    const test = setUp()
    expect(await present(test, await test.sign(first))).toEqual(accepted)
    test.host.serve(jwksUri, { keys: [second.jwk] })
    test.clock.advance(3600)
    expect(await present(test, await test.sign(first))).toEqual(refused)
  })

  it('CA-22 a slow answer is given up within 5 seconds', async () => {
    const test = setUp()
    test.host.answer(jwksUri, () => new Promise<Response>(() => {}))
    const started = performance.now()
    expect(await present(test, await test.sign(first))).toEqual(refused)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it.each([
    ['more than 64 KiB', () => Response.json({ keys: [first.jwk], pad: 'x'.repeat(65_536) })],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://client.example.com/other' } }),
    ],
    ['an error', () => Response.json({ keys: [first.jwk] }, { status: 500 })],
    ['no JSON', () => new Response('keys')],
    ['no set', () => Response.json([first.jwk])],
    ['no key', () => Response.json({ keys: [] })],
    ['a private key', () => Response.json({ keys: [{ ...first.jwk, d: 'x' }] })],
    ['21 keys', () => Response.json({ keys: Array.from({ length: 21 }, () => first.jwk) })],
  ])('CA-22 %s is no set of keys', async (_what, answer) => {
    const test = setUp()
    test.host.answer(jwksUri, answer)
    expect(await present(test, await test.sign(first))).toEqual(refused)
    expect(test.host.requests).toHaveLength(1)
  })

  it('ChatGPT: a client of a document signs with the keys that the document names', async () => {
    const host = documentHost()
    host.serve(jwksUri, { keys: [first.jwk] })
    host.serve(
      documentUrl,
      documentOf(documentUrl, {
        redirect_uris: ['https://chat.example.com/cb'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: jwksUri,
      }),
    )
    const test = assertionServer(
      { jwks: { keys: [first.jwk] } },
      { clients: [metadataDocuments()], clientUrls: { fetch: host.fetch } },
    )
    const claims = { iss: documentUrl, sub: documentUrl }
    expect(await present(test, await signAssertion(first, test.clock.now(), { claims }))).toEqual(accepted)
    expect(await present(test, await signAssertion(second, test.clock.now(), { claims }))).toEqual(refused)
  })
})

it.each([
  [{ token_endpoint_auth_method: 'private_key_jwt' }, 'needs jwks or jwks_uri'],
  [{ jwks: { keys: [] } }, 'must hold 1 to 20 keys'],
  [{ jwks: { keys: [{ kty: 'oct', k: 'x' }] } }, 'public keys only'],
  [{ jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: jwksUri }, 'exclude each other'],
  [{ jwks_uri: 'http://client.example.com/jwks' }, 'https URL'],
])('a registration with %o says what to mend', (keys, message) => {
  expect(() => registered({ client_id: 'pkjwt', redirect_uris: ['https://a.example/cb'], ...keys })).toThrow(
    message,
  )
})
