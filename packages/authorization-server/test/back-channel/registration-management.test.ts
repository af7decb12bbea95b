// RFC 7592 §2: https://www.rfc-editor.org/rfc/rfc7592.html#section-2
import { describe, expect, it } from 'vitest'
import {
  dynamicRegistration,
  registrationManagement,
  introspection,
  registered,
  revocation,
  userinfo,
} from '@gatewright/authorization-server'
import { isActive, obtainCode, post, redeem, redirectUri, refresh } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import type { Registration } from '../support/registration.ts'
import { issuer, mcp, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

const managed = () =>
  testServer({
    clients: [
      registered({ client_id: 'rs', client_secret: 'rs-secret', grant_types: [], serves: [mcp] }),
      dynamicRegistration({ mode: 'open', management: registrationManagement() }),
    ],
    endpoints: [revocation(), introspection(), userinfo()],
  })

async function manage(
  test: TestServer,
  method: string,
  client: { readonly client_id: string; readonly registration_access_token?: unknown },
  body?: Readonly<Record<string, unknown>>,
) {
  const headers = new Headers({ 'content-type': 'application/json' })
  const { registration_access_token: token } = client
  if (typeof token === 'string') headers.set('authorization', `Bearer ${token}`)
  const url = `${issuer}/register?client_id=${encodeURIComponent(client.client_id)}`
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await test.server.handle(new Request(url, { method, headers, ...init }), {
    ip: '192.0.2.1',
  })
  const text = (await response?.text()) ?? ''
  return {
    status: response?.status,
    json: (text === '' ? {} : JSON.parse(text)) as Registration,
    headers: response?.headers,
  }
}

const update = ({ client_id }: Registration, more: Readonly<Record<string, unknown>> = {}) => ({
  ...nativeClient,
  client_id,
  ...more,
})

describe('a client that manages its registration', () => {
  it('gets an address and a token for it, and reads what is registered', async () => {
    const test = managed()
    const { json } = await register(test, { ...nativeClient, client_name: 'App' })
    expect(json).toMatchObject({
      registration_client_uri: `${issuer}/register?client_id=${json.client_id}`,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
    })
    const read = await manage(test, 'GET', json)
    expect([read.status, read.json]).toEqual([200, json])
    expect(read.headers?.get('cache-control')).toBe('no-store')
  })

  it('two in the same words are two, since one could delete the other', async () => {
    const test = managed()
    expect((await register(test, nativeClient)).json.client_id).not.toBe(
      (await register(test, nativeClient)).json.client_id,
    )
  })

  it('CR-25 without its token, with a wrong one or with that of another it is 401, as for a client that there is not', async () => {
    const test = managed()
    const { json } = await register(test, nativeClient)
    const other = (await register(test, nativeClient)).json
    const { client_id } = json
    const attempts = [
      { client_id },
      { client_id, registration_access_token: 'wrong' },
      { client_id, registration_access_token: other.registration_access_token },
      { client_id: 'x'.repeat(22), registration_access_token: json.registration_access_token },
      { client_id: 'rs', registration_access_token: 'rs-secret' },
      { client_id: '__proto__', registration_access_token: '' },
    ]
    const answers = []
    for (const attempt of attempts)
      for (const method of ['GET', 'PUT', 'DELETE'])
        answers.push(await manage(test, method, attempt, method === 'PUT' ? update(json) : undefined))
    expect(new Set(answers.map(({ status, json: body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 401, json: { error: 'invalid_token' } })
    expect((await manage(test, 'GET', json)).status).toBe(200)
  })

  it('changes its redirect URIs, and the old ones are refused', async () => {
    const test = managed()
    const { json } = await register(test, nativeClient)
    const changed = await manage(
      test,
      'PUT',
      json,
      update(json, { redirect_uris: ['http://localhost/callback'], client_name: 'New' }),
    )
    expect(changed).toMatchObject({
      status: 200,
      json: { redirect_uris: ['http://localhost/callback'], client_name: 'New' },
    })
    expect(changed.json.registration_access_token).toBe(json.registration_access_token)
    await expect(obtainCode(test, { client_id: json.client_id, redirect_uri: redirectUri })).rejects.toThrow(
      'no code',
    )
    await obtainCode(test, { client_id: json.client_id, redirect_uri: 'http://localhost:1/callback' })
    expect(eventsOf(test, 'client.metadata_changed')).toMatchObject([{ clientId: json.client_id }])
  })

  it.each([
    ['another client_id', { client_id: 'other' }],
    ['no client_id', { client_id: undefined }],
    ['its registration access token', { registration_access_token: 'x' }],
    ['its registration URI', { registration_client_uri: 'https://evil.example' }],
    ['when it was issued', { client_id_issued_at: 1 }],
    ['when its secret expires', { client_secret_expires_at: 0 }],
    ['a secret of its own', { client_secret: 'mine' }],
    ['a grant type beyond policy', { grant_types: ['authorization_code', 'client_credentials'] }],
    ['a scope that there is not', { scope: 'read:application everything' }],
    ['a dangerous redirect URI', { redirect_uris: ['javascript:alert(1)'] }],
  ])('CR-26 an update with %s is 400 and changes nothing', async (_what, more) => {
    const test = managed()
    const { json } = await register(test, nativeClient)
    const { status, json: answer } = await manage(
      test,
      'PUT',
      json,
      update(json, { client_name: 'Changed', ...more }),
    )
    expect(status).toBe(400)
    expect(answer.error).toMatch(/^invalid_(client_metadata|redirect_uri)$/)
    expect((await manage(test, 'GET', json)).json).toEqual(json)
  })

  it('CR-26 after it deleted itself every token of it is dead', async () => {
    const test = managed()
    const { json } = await register(test, nativeClient)
    const client = { client_id: json.client_id, redirect_uri: redirectUri }
    const tokens = (await redeem(test, await obtainCode(test, client), client)).json
    const pending = await obtainCode(test, client)
    expect(await isActive(test, tokens.access_token)).toBe(true)
    expect((await manage(test, 'DELETE', json)).status).toBe(204)

    const claims = JSON.parse(atob((tokens.access_token ?? '').split('.')[1] ?? '')) as {
      grant_id: string
      jti: string
    }
    expect(
      await test.server.isRevoked({ grantId: claims.grant_id, jti: claims.jti, clientId: json.client_id }),
    ).toBe(true)
    expect(await test.server.introspect(tokens.access_token ?? '')).toBeUndefined()
    const asked = await post(test, '/introspect', { token: tokens.access_token }, { basic: 'rs:rs-secret' })
    expect(asked.json).toEqual({ active: false })
    expect((await refresh(test, tokens.refresh_token, client)).json.error).toBe('invalid_client')
    expect((await redeem(test, pending, client)).json.error).toBe('invalid_client')
    expect((await manage(test, 'GET', json)).status).toBe(401)
    expect(eventsOf(test, 'client.deleted')).toMatchObject([{ clientId: json.client_id }])
  })

  it('CR-26 so are opaque ones', async () => {
    const test = testServer({
      clients: [dynamicRegistration({ mode: 'open', management: registrationManagement() })],
      accessTokenFormat: 'opaque',
    })
    const { json } = await register(test, nativeClient)
    const client = { client_id: json.client_id, redirect_uri: redirectUri }
    const { access_token: token = '' } = (await redeem(test, await obtainCode(test, client), client)).json
    expect(await test.server.introspect(token)).toBeDefined()
    const bystander = (await register(test, { ...nativeClient, client_name: 'Bystander' })).json.client_id
    await manage(test, 'DELETE', json)
    // The token ends with its client; under another name, or none, it is not that token.
    const nameless = token.slice(0, 66)
    for (const presented of [token, nameless, nameless + btoa(bystander).replaceAll('=', '')])
      expect(await test.server.introspect(presented)).toBeUndefined()
    expect(token.length).toBeGreaterThan(nameless.length)
  })

  it('CR-27 without management the address answers 405 to everything but POST', async () => {
    const test = testServer()
    const { json } = await register(test, nativeClient)
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await manage(test, method, json, method === 'PUT' ? {} : undefined)).status).toBe(405)
  })
})
