// RFC 7591 §3: https://www.rfc-editor.org/rfc/rfc7591.html#section-3
import { describe, expect, it } from 'vitest'
import { dynamicRegistration } from '@gatewright/authorization-server'
import { createMemoryStorage } from '@gatewright/storage'
import { obtainCode, redeem, redirectUri, refresh } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { issuer, testServer } from '../support/test-server.ts'

const tooMany = [429, 'too_many_requests']
const listed = [
  'https://claude.ai/api/mcp/auth_callback',
  'http://localhost/callback',
  'http://127.0.0.1/callback',
]
const open = (options = {}) => testServer({ clients: [dynamicRegistration({ mode: 'open', ...options })] })

describe('a registration by allow-list', () => {
  const test = testServer({ clients: [dynamicRegistration({ mode: 'allow-list', redirectUris: listed })] })

  it.each([[listed], [['http://localhost:3118/callback']], [[listed[0], 'http://127.0.0.1:1/callback']]])(
    'takes %o',
    async (redirect_uris) => {
      expect((await register(test, { ...nativeClient, redirect_uris })).status).toBe(201)
    },
  )

  it.each([
    [['https://evil.example/cb']],
    [[listed[0], 'https://evil.example/cb']],
    [['https://claude.ai/api/mcp/auth_callback/']],
    [['http://localhost:3118/other']],
    [['http://[::1]/callback']],
  ])('refuses %o whole', async (redirect_uris) => {
    const { status, json } = await register(test, { ...nativeClient, redirect_uris })
    expect([status, json.error]).toEqual([400, 'invalid_redirect_uri'])
  })

  it.each([
    [{ mode: 'allow-list' as const }, 'needs redirectUris'],
    [{ mode: 'allow-list' as const, redirectUris: ['http://evil.example/'] }, 'http://evil.example/'],
    [{ mode: 'open' as const, perDay: 0 }, 'perDay'],
  ])('says what is wrong with %o', (options, message) => {
    expect(() => dynamicRegistration(options)).toThrow(message)
  })
})

describe('what registrations pile up', () => {
  it('a public client that registers again in the same words is one and the same', async () => {
    const storage = createMemoryStorage()
    const [first, second] = [testServer({ storage }), testServer({ storage })]
    const answers = [
      await register(first, nativeClient),
      await register(second, nativeClient),
      await register(first, nativeClient),
    ]
    expect(new Set(answers.map(({ json }) => json.client_id)).size).toBe(1)
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(answers[1]?.json).toEqual(answers[0]?.json)
    const other = await register(first, { ...nativeClient, client_name: 'Another' })
    expect(other.json.client_id).not.toBe(answers[0]?.json.client_id)
  })

  it('two that register at one moment are one', async () => {
    const test = testServer()
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(test, nativeClient)))
    expect(new Set(answers.map(({ json }) => json.client_id)).size).toBe(1)
  })

  it('its installations have grants of their own', async () => {
    const test = testServer()
    const tokens = []
    for (let machine = 0; machine < 2; machine++) {
      const { client_id } = (await register(test, nativeClient)).json
      const code = await obtainCode(test, { client_id, redirect_uri: redirectUri })
      tokens.push((await redeem(test, code, { client_id })).json)
    }
    const { client_id } = (await register(test, nativeClient)).json
    for (const token of tokens)
      expect((await refresh(test, token.refresh_token, { client_id })).status).toBe(200)
  })

  it('clients with a secret are never the same', async () => {
    const test = testServer()
    const metadata = { redirect_uris: ['https://app.example.com/cb'] }
    const [one, two] = [(await register(test, metadata)).json, (await register(test, metadata)).json]
    expect(one.client_id).not.toBe(two.client_id)
    expect(one.client_secret).not.toBe(two.client_secret)
  })

  it('a client that registers again is kept as long as a new one', async () => {
    const test = testServer({ clients: [dynamicRegistration({ mode: 'open', unconfirmedLifetime: 100 })] })
    const { client_id } = (await register(test, nativeClient)).json
    test.clock.advance(90)
    expect((await register(test, nativeClient)).json.client_id).toBe(client_id)
    test.clock.advance(90)
    const code = await obtainCode(test, { client_id, redirect_uri: redirectUri })
    expect((await redeem(test, code, { client_id })).status).toBe(200)
  })

  it('no more in a day than the operator says, from however many addresses', async () => {
    const test = open({ perDay: 5 })
    const attempt = async (index: number) => {
      const { status, json } = await register(
        test,
        { ...nativeClient, client_name: `App ${index}` },
        undefined,
        `192.0.2.${index}`,
      )
      return [status, json.error]
    }
    for (let index = 0; index < 5; index++) expect(await attempt(index)).toEqual([201, undefined])
    expect(await attempt(5)).toEqual(tooMany)
    // Who is registered already is none more.
    expect(await attempt(0)).toEqual([201, undefined])
    test.clock.advance(86_400)
    expect(await attempt(6)).toEqual([201, undefined])
  })
})

describe('how fast one address may register', () => {
  const limited = () => testServer({ rateLimits: { registration: { requests: 20, seconds: 3600 } } })

  it('CR-20 the 21st registration in an hour is 429 and says how long to wait', async () => {
    const test = limited()
    for (let count = 0; count < 20; count++) expect((await register(test, nativeClient)).status).toBe(201)
    const { status, json, headers } = await register(test, nativeClient)
    expect([status, json.error]).toEqual(tooMany)
    expect(headers.get('retry-after')).toBe('3600')
    test.clock.advance(3600)
    expect((await register(test, nativeClient)).status).toBe(201)
  })

  it('CR-20 requests that are refused count as well', async () => {
    const test = limited()
    for (let count = 0; count < 20; count++) await register(test, '{')
    expect((await register(test, nativeClient)).status).toBe(429)
  })

  it('PO-18 changing addresses inside of a /64 helps nobody, and holds up nobody else', async () => {
    const test = limited()
    const from = async (ip: string) => (await register(test, nativeClient, undefined, ip)).status
    for (let count = 0; count < 20; count++) expect(await from(`2001:db8:1:2::${count}`)).toBe(201)
    expect(await from('2001:db8:1:2:ffff::1')).toBe(429)
    for (const ip of ['2001:db8:1:3::1', '192.0.2.1', '::ffff:192.0.2.2']) expect(await from(ip)).toBe(201)
  })

  it('an operator may go without', async () => {
    const test = testServer({ rateLimits: false })
    for (let count = 0; count < 100; count++) expect((await register(test, nativeClient)).status).toBe(201)
  })
})

it('CR-28 the answer says nothing of anybody else but the client', async () => {
  const test = testServer()
  const { json } = await register(test, {
    ...nativeClient,
    client_name: 'App',
    upstream: 'x',
    client_secret: 'mine',
  })
  expect(Object.keys(json).toSorted()).toEqual([
    'application_type',
    'client_id',
    'client_id_issued_at',
    'client_name',
    'grant_types',
    'redirect_uris',
    'response_types',
    'token_endpoint_auth_method',
  ])
  expect(JSON.stringify(json)).not.toContain(issuer)
})
