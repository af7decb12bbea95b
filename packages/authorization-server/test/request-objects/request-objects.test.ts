// RFC 9101: https://www.rfc-editor.org/rfc/rfc9101.html
import { registered, requestObjects } from '@gatewright/authorization-server'
import { encodeBase64url } from '@gatewright/core'
import { CompactEncrypt, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyPair } from '../support/assertions.ts'
import type { KeyPair } from '../support/assertions.ts'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, authorizationParameters, authorizeUrl, logIn, redeem } from '../support/flow.ts'
import { carrying, objectServer, pushObject, signRequest } from '../support/request-object.ts'
import { push, reference } from '../support/pushed.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

let key: KeyPair
let other: KeyPair
beforeAll(async () => {
  key = await keyPair('k1')
  other = await keyPair('k1')
})

const send = (test: ReturnType<typeof objectServer>, query: string) =>
  createBrowser(test.server).send(authorizeUrl(query))

/** A faulty object is told the user on a page, and a client that pushes in JSON; it is never redirected. */
async function expectRefused(test: ReturnType<typeof objectServer>, request: string, message: RegExp) {
  const query = carrying(request)
  expectLocalErrorPage(await send(test, query))
  expect(await pushObject(test, query)).toMatchObject({
    status: 400,
    error: 'invalid_request_object',
    message: expect.stringMatching(message),
  })
  const event = { clientId: 'claude-desktop-mcp', reason: 'invalid_request_object' }
  expect(eventsOf(test, 'authorization.refused')[0]).toMatchObject(event)
}

describe('a signed request', () => {
  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('leads to tokens with %s', async (alg) => {
    const pair = await keyPair('k', alg)
    const test = objectServer(pair)
    const { request, verifier } = await signRequest(pair, test)
    const browser = createBrowser(test.server)
    const login = await browser.send(authorizeUrl(carrying(request)))
    const { location } = await approve(browser, (await logIn(browser, login.body)).body)
    expect(location?.searchParams.get('state')).toBe('state-1')
    const code = location?.searchParams.get('code') ?? ''
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:application write:application')
  })

  it('is in the metadata, with its algorithms', async () => {
    expect(await objectServer(key, { algorithms: ['ES256'] }).server.metadata()).toMatchObject({
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      request_object_signing_alg_values_supported: ['ES256'],
    })
    const required = await objectServer(key, { required: true }).server.metadata()
    expect(required).toMatchObject({ require_signed_request_object: true })
    expect(await testServer().server.metadata()).toMatchObject({ request_parameter_supported: false })
  })

  it('counts alone: nothing in the query is merged in', async () => {
    const test = objectServer(key)
    const claims = { scope: 'read:application', state: undefined }
    const { request } = await signRequest(key, test, { claims })
    const others = { scope: 'admin:application', state: 'injected', redirect_uri: 'https://evil.example/cb' }
    const browser = createBrowser(test.server)
    const login = await browser.send(authorizeUrl(carrying(request, others)))
    const consent = await logIn(browser, login.body)
    expect(consent.body).not.toContain('admin:application')
    const { location } = await approve(browser, consent.body)
    expect(location?.href).toMatch(/^http:\/\/127\.0\.0\.1:51004\/callback\?code=/)
    expect(location?.searchParams.has('state')).toBe(false)
  })

  it('tells other errors where a request in the query would', async () => {
    const test = objectServer(key)
    const { request } = await signRequest(key, test, { claims: { scope: 'nope' } })
    expectRedirectError(await send(test, carrying(request)), 'invalid_scope')
    const elsewhere = await signRequest(key, test, { claims: { redirect_uri: 'https://evil.example/cb' } })
    expectLocalErrorPage(await send(test, carrying(elsewhere.request)))
  })

  it('may hold numbers, and a list of resources', async () => {
    const test = objectServer(key)
    const claims = { max_age: 0, resource: [mcp, otherResource] }
    const { request } = await signRequest(key, test, { claims })
    expectForm(await send(test, carrying(request)), 'login')
    const wrong = await signRequest(key, test, { claims: { prompt: true } })
    expect(await pushObject(test, carrying(wrong.request))).toMatchObject({ error: 'invalid_request_object' })
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`p${index}`, 'x']))
    const flood = await signRequest(key, test, { claims: many })
    expect((await pushObject(test, carrying(flood.request))).status).toBe(400)
  })

  it('may be pushed, and need not be sent again', async () => {
    const test = objectServer(key)
    const { request } = await signRequest(key, test, { claims: { client_id: 'signs' } })
    const { status, uri } = await pushObject(test, carrying(request, { client_id: 'signs' }))
    expect(status).toBe(201)
    expectForm(await send(test, reference(uri, { client_id: 'signs' })), 'login')
  })
})

describe('PA-08 a request object is refused', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['without a signature of the client', { other: true }, /signature/],
    ['of another type', { header: { typ: 'JWT' } }, /type/],
    ['of no type', { header: { typ: undefined } }, /type/],
    ['with another client_id than the parameter', { claims: { client_id: 'keyless' } }, /client_id/],
    ['without client_id', { claims: { client_id: undefined, iss: 'claude-desktop-mcp' } }, /client_id/],
    ['of another issuer', { claims: { iss: 'keyless' } }, /iss/],
    ['for another server', { claims: { aud: 'https://other.example' } }, /aud/],
    [
      'also for another server',
      { claims: { aud: ['https://auth.example.com', 'https://o.example'] } },
      /aud/,
    ],
    ['for nobody', { claims: { aud: undefined } }, /aud/],
    ['whose subject is the client', { claims: { sub: 'claude-desktop-mcp' } }, /sub/],
    ['that is over', { claims: { exp: 1_700_000_000 } }, /exp/],
    ['without an end', { claims: { exp: undefined } }, /exp/],
    ['that is good for too long', { claims: { exp: 1_900_000_000 } }, /exp/],
    ['from the future', { claims: { nbf: 1_900_000_000 } }, /nbf/],
    ['that was made in the future', { claims: { iat: 1_900_000_000 } }, /iat/],
    ['that contains another', { claims: { request: 'x.y.z' } }, /request/],
    ['that refers to another', { claims: { request_uri: 'https://o.example/r' } }, /request_uri/],
  ])('%s', async (_name, { other: foreign, ...changes }, message) => {
    const test = objectServer(key)
    const { request } = await signRequest(foreign === true ? other : key, test, changes)
    await expectRefused(test, request, message)
  })

  it('with alg none, with a symmetric one, and with one that is not accepted', async () => {
    const test = objectServer(key, { algorithms: ['RS256'] })
    const { request } = await signRequest(key, test)
    await expectRefused(test, request, /algorithm .*: ES256/)
    const open = objectServer(key)
    const encode = (value: unknown) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))
    const payload = (await signRequest(key, open)).request.split('.')[1] ?? ''
    const none = encode({ alg: 'none', typ: 'oauth-authz-req+jwt' })
    await expectRefused(open, `${none}.${payload}.`, /algorithm .*: none/)
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    // The public key as the secret of an HMAC.
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'oauth-authz-req+jwt' })
      .sign(new TextEncoder().encode(JSON.stringify(key.jwk)))
    await expectRefused(open, forged, /algorithm .*: HS256/)
  })

  it('encrypted, also as a bomb that grows when it is opened, and too long', async () => {
    const test = objectServer(key)
    const secret = crypto.getRandomValues(new Uint8Array(32))
    const bomb = await new CompactEncrypt(new TextEncoder().encode('0'.repeat(10_000)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(secret)
    await expectRefused(test, bomb, /encrypted/)
    const zipped = encodeBase64url(
      new TextEncoder().encode(JSON.stringify({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })),
    )
    await expectRefused(test, `${zipped}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`, /encrypted/)
    await expectRefused(test, `${'a'.repeat(16_384)}.b.c`, /too long/)
    await expectRefused(test, 'no.j.wt', /JWT/)
  })

  it('of a client without keys', async () => {
    const test = objectServer(key)
    const { request } = await signRequest(key, test, { claims: { client_id: 'keyless' } })
    expect(await pushObject(test, carrying(request, { client_id: 'keyless' }))).toMatchObject({
      error: 'invalid_request_object',
    })
  })

  it('beside a reference, whichever stands first', async () => {
    const test = objectServer(key)
    const { request } = await signRequest(key, test)
    const { uri } = await push(test)
    expectLocalErrorPage(await send(test, carrying(request, { request_uri: uri })))
    expectLocalErrorPage(await send(test, carrying(request, { request_uri: 'https://o.example/r' })))
    expectForm(await send(test, reference(uri)), 'login')
  })

  it('at the client’s own address: nothing is fetched', async () => {
    const test = objectServer(key)
    expectRedirectError(
      await authorize(createBrowser(test.server), { request_uri: 'https://app.example.com/request.jwt' }),
      'request_uri_not_supported',
    )
  })

  it('twice, or for no client or an unknown one', async () => {
    const test = objectServer(key)
    const { request } = await signRequest(key, test)
    for (const query of [
      `${carrying(request)}&request=${request}`,
      `${carrying(request)}&client_id=signs`,
      new URLSearchParams({ request }).toString(),
      carrying(request, { client_id: 'nobody' }),
    ])
      expectLocalErrorPage(await send(test, query))
  })
})

describe('PA-08 an unsigned request', () => {
  it('is refused where the client or the operator insists on a signature, also when it is pushed', async () => {
    const test = objectServer(key)
    const unsigned = { client_id: 'signs' }
    expectRedirectError(await authorize(createBrowser(test.server), unsigned), 'invalid_request')
    expect(await push(test, unsigned)).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    const everybody = objectServer(key, { required: true })
    expectRedirectError(await authorize(createBrowser(everybody.server)), 'invalid_request')
    const { query } = await authorizationParameters()
    expect(await pushObject(everybody, query)).toMatchObject({ error: 'invalid_request' })
    const { request } = await signRequest(key, everybody)
    expectForm(await send(everybody, carrying(request)), 'login')
  })

  it('cannot be ruled out for a client without keys, or where there are no request objects', () => {
    const uris = { redirect_uris: ['https://app.example.com/cb'] }
    const signs = { client_id: 'x', require_signed_request_object: true, ...uris }
    expect(() => registered(signs)).toThrow('needs jwks or jwks_uri')
    const list = registered()
    testServer({ clients: [list] })
    const keyed = { ...signs, jwks: { keys: [key.jwk] } }
    expect(() => list.replace(keyed)).toThrow('needs requestObjects()')
    expect(() => testServer({ clients: [registered(keyed)] })).toThrow('needs requestObjects()')
  })
})

describe('request objects', () => {
  it.each([{ algorithms: ['none'] }, { algorithms: ['HS256'] }, { algorithms: [] }, { maximumLifetime: 0 }])(
    'cannot have %j',
    (options) => {
      expect(() => requestObjects(options)).toThrow(TypeError)
    },
  )
})
