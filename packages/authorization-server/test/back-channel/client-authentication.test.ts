// RFC 6749 §2.3: https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import type { Client, ClientSource } from '@gatewright/authorization-server'
import { sha256Base64url } from '@gatewright/core'
import { post } from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainWebCode, redeemWeb, webCallback, webSecret } from '../support/tokens.ts'

/** Asks for a token with a code that no client has: `invalid_grant` means that the client was accepted. */
const attempt = { grant_type: 'authorization_code', code: `${'g'.repeat(22)}.${'s'.repeat(43)}` }
const accepted = [400, 'invalid_grant']
const refused = [401, 'invalid_client']

async function answer(
  test: TestServer,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const request = new Request(`${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ ...attempt, ...parameters }).toString(),
  })
  const response = await test.server.handle(request, { ip: '192.0.2.1' })
  const { error }: { error?: string } = (await response?.json()) ?? {}
  return { verdict: [response?.status, error], challenge: response?.headers.get('www-authenticate') }
}

const basic = (text: string) => ({
  authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`,
})

describe('which method a client may use', () => {
  it('a client with a secret may send it by Basic or in the form, unless it is registered for one of them', async () => {
    const test = testServer()
    expect((await answer(test, {}, basic(webSecret))).verdict).toEqual(accepted)
    const inForm = { client_id: 'web', client_secret: 'web-secret' }
    expect((await answer(test, inForm)).verdict).toEqual(accepted)
  })

  it('CA-02 Basic and client_secret in one request are invalid_request, whichever of them is right', async () => {
    const test = testServer()
    const inForm = { client_id: 'web', client_secret: 'web-secret' }
    for (const header of [basic(webSecret), basic('web:wrong'), { authorization: 'Basic %%%' }])
      expect((await answer(test, inForm, header)).verdict).toEqual([400, 'invalid_request'])
  })

  it('CA-03 a client that is registered for one method is refused by the other', async () => {
    const explicit = {
      client_id: 'explicit',
      client_secret: 'its-secret',
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [webCallback],
    }
    const test = testServer({ clients: [registered(explicit)] })
    expect((await answer(test, {}, basic('explicit:its-secret'))).verdict).toEqual(accepted)
    const inForm = { client_id: 'explicit', client_secret: 'its-secret' }
    expect((await answer(test, inForm)).verdict).toEqual(refused)
    expect((await answer(testServer(), {}, basic('post:post-secret'))).verdict).toEqual(refused)
  })

  it('CA-04 a public client that sends a secret is refused, an empty one counts as omitted', async () => {
    const test = testServer()
    expect((await answer(test, { client_id: 'pub', client_secret: 'guess' })).verdict).toEqual(refused)
    expect((await answer(test, { client_id: 'pub', client_secret: '' })).verdict).toEqual(accepted)
    expect((await answer(test, {}, basic('pub:'))).verdict).toEqual(accepted)
    expect((await answer(test, {}, basic('pub:guess'))).verdict).toEqual(refused)
  })

  it.each([
    ['by client_id alone', { client_id: 'web' }, {}],
    ['by an empty secret in the form', { client_id: 'web', client_secret: '' }, {}],
    ['by an empty secret by Basic', {}, basic('web:')],
    ['by a wrong secret in the form', { client_id: 'web', client_secret: 'wrong' }, {}],
    ['by a wrong secret by Basic', {}, basic('web:wrong')],
    ['by the secret of another client', {}, basic('web:post-secret')],
    ['by the hash of its secret', {}, basic('web:dh_tnbsiQnvtvHPD8KuT__QRBKp36xRQJdARO-jANaM')],
    ['by a Bearer token', { client_id: 'web' }, { authorization: 'Bearer web-secret' }],
    ['not at all', {}, {}],
  ])('a confidential client is not accepted %s', async (_how, parameters, headers) => {
    expect((await answer(testServer(), parameters, headers)).verdict).toEqual(refused)
  })

  it.each([
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    'nonsense',
  ])('CA-23 an assertion of type %s, signed with the secret, is 401 and not on offer', async (type) => {
    const test = testServer()
    for (const client_id of ['web', 'pub', '']) {
      const client_assertion = await new SignJWT({ jti: '1' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(client_id || 'web')
        .setSubject(client_id || 'web')
        .setAudience(issuer)
        .setExpirationTime(test.clock.now() / 1000 + 60)
        .sign(new TextEncoder().encode('web-secret'.padEnd(32, '\0')))
      const parameters = { client_id, client_assertion_type: type, client_assertion }
      expect((await answer(test, parameters)).verdict).toEqual(refused)
    }
    const { token_endpoint_auth_methods_supported } = await test.server.metadata()
    expect(token_endpoint_auth_methods_supported).not.toContain('client_secret_jwt')
  })

  it('CA-28 a secret in the query is ignored', async () => {
    const test = testServer()
    const body = new URLSearchParams({ ...attempt, client_id: 'web' })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const url = `${issuer}/token?client_id=web&client_secret=web-secret`
    const response = await test.server.handle(new Request(url, { method: 'POST', headers, body }))
    expect(response?.status).toBe(401)
  })

  it('a failed authentication burns no code, as Go clients try Basic before the form', async () => {
    const test = testServer()
    const code = await obtainWebCode(test)
    expect((await redeemWeb(test, code, {}, { basic: 'web:' })).status).toBe(401)
    const inForm = { client_id: 'web', client_secret: 'web-secret' }
    expect((await redeemWeb(test, code, inForm, {})).status).toBe(200)
  })
})

describe('what the answer tells', () => {
  it('D11 invalid_client is always 401, with a Basic challenge only when Basic was tried', async () => {
    const test = testServer()
    const byBasic = await answer(test, {}, basic('web:wrong'))
    expect(byBasic.verdict).toEqual(refused)
    expect(byBasic.challenge).toMatch(/^Basic realm="/)
    const inForm = await answer(test, { client_id: 'web', client_secret: 'wrong' })
    expect(inForm).toEqual({ verdict: refused, challenge: null })
  })

  it('an unknown client and a wrong secret get the same answer; the reason is in the event', async () => {
    const test = testServer()
    const texts = await Promise.all(
      ['nobody:web-secret', 'web:wrong'].map(async (credentials) => {
        const { json, headers } = await post(test, '/token', attempt, { basic: credentials })
        return JSON.stringify([json, [...headers]])
      }),
    )
    expect(texts[0]).toBe(texts[1])
    expect(eventsOf(test, 'client.authentication_failed')).toMatchObject([
      { clientId: 'nobody', ip: '192.0.2.1', reason: expect.any(String) },
      { clientId: 'web', ip: '192.0.2.1', reason: expect.any(String) },
    ])
  })

  it('CA-08 Basic for one client and client_id of another are invalid_request', async () => {
    const test = testServer()
    expect((await answer(test, { client_id: 'post' }, basic(webSecret))).verdict).toEqual([
      400,
      'invalid_request',
    ])
    expect((await answer(test, { client_id: 'web' }, basic(webSecret))).verdict).toEqual(accepted)
  })

  it.each([
    ['NUL', '\0'],
    ['10 KB', 'x'.repeat(10_240)],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['toString', 'toString'],
    ['a path', '../../clients/web'],
    ['a line end', 'web\r\nx: y'],
    ['a lone surrogate', '\ud800'],
  ])('CA-29 client_id %s is 401, by every method', async (_what, clientId) => {
    const test = testServer()
    expect((await answer(test, { client_id: clientId })).verdict).toEqual(refused)
    expect((await answer(test, { client_id: clientId, client_secret: 'x' })).verdict).toEqual(refused)
    expect((await answer(test, {}, basic(`${clientId}:x`))).verdict).toEqual(refused)
    expect(eventsOf(test, 'request.failed')).toEqual([])
  })

  it.each(['/revoke', '/token'])(
    'CA-25 %s of a confidential client without authentication is 401',
    async (path) => {
      const { status, json } = await post(testServer(), path, { ...attempt, client_id: 'web', token: 'x' })
      expect([status, json.error]).toEqual(refused)
    },
  )
})

describe('how long a secret is good', () => {
  const client = { client_id: 'rotating', redirect_uris: [webCallback] }

  it('CA-13 while it is rotated the old and the new one are good, afterwards only the new one', async () => {
    const both = testServer({ clients: [registered({ ...client, client_secret: ['new-one', 'old-one'] })] })
    for (const secret of ['old-one', 'new-one'])
      expect((await answer(both, {}, basic(`rotating:${secret}`))).verdict).toEqual(accepted)
    expect((await answer(both, {}, basic('rotating:new-one,old-one'))).verdict).toEqual(refused)
    const after = testServer({ clients: [registered({ ...client, client_secret: 'new-one' })] })
    expect((await answer(after, {}, basic('rotating:old-one'))).verdict).toEqual(refused)
  })

  it('CA-12 an expired one is 401', async () => {
    const test = testServer()
    const expiring: Client = {
      ...client,
      grant_types: ['authorization_code'],
      application_type: 'web',
      authenticationMethods: ['client_secret_basic', 'client_secret_post'],
      secretHashes: [await sha256Base64url('for-a-while')],
      secretsExpireAt: test.clock.now() + 1000,
      verified: true,
      pkce: 'required',
      consent: 'always',
    }
    const source: ClientSource = {
      name: 'database',
      find: async (id) => (id === 'rotating' ? expiring : undefined),
    }
    const own = testServer({ clients: [source] })
    expect((await answer(own, {}, basic('rotating:for-a-while'))).verdict).toEqual(accepted)
    own.clock.advance(1)
    expect((await answer(own, {}, basic('rotating:for-a-while'))).verdict).toEqual(refused)
    const inForm = { client_id: 'rotating', client_secret: 'for-a-while' }
    expect((await answer(own, inForm)).verdict).toEqual(refused)
  })
})
