// A server of exactly the parts that it was given: what is not there is refused, and is not in the metadata.
import { describe, expect, it } from 'vitest'
import {
  account,
  authorizationCode,
  backChannelLogout,
  clientSecretBasic,
  consentPage,
  createGrantAdministration,
  endSession,
  english,
  html,
  introspection,
  loginPage,
  providerLogins,
  pushedRequests,
  registered,
  requestObjects,
  userinfo,
} from '@gatewright/authorization-server'
import type { ClientOptions, ServerComposition } from '@gatewright/authorization-server'
import { generateKey } from '@gatewright/core'
import { createDpopVerifier } from '@gatewright/dpop'
import { createBrowser } from './support/browser.ts'
import { composedServer } from './support/composed-server.ts'
import type { ComposedServer } from './support/composed-server.ts'
import { approve, authorizationParameters, authorizeUrl, claimsOf, logIn, toQuery } from './support/flow.ts'
import { issuer, mcp, testServer } from './support/test-server.ts'

const redirectUri = 'http://127.0.0.1:51004/callback'
const app = 'https://app.example.com/cb'
const render = { login: loginPage, consent: consentPage, error: () => html`<p>No.</p>` }

async function register(server: ComposedServer, metadata: Readonly<Record<string, unknown>> = {}) {
  const body = JSON.stringify({
    redirect_uris: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
    ...metadata,
  })
  const headers = { 'content-type': 'application/json' }
  const response = await server.handle(new Request(`${issuer}/register`, { method: 'POST', headers, body }))
  return (await response?.json()) as Record<string, string | undefined>
}

async function tokens(
  server: ComposedServer,
  parameters: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await server.handle(
    new Request(`${issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: toQuery(parameters),
    }),
  )
  return (await response?.json()) as Record<string, string | undefined>
}

/** From the registration to the code; with the consent page on the way. */
async function code(
  server: ComposedServer,
  metadata: Readonly<Record<string, unknown>> = {},
  asked: Readonly<Record<string, string>> = {},
) {
  const { client_id: clientId } = await register(server, metadata)
  const { query, verifier } = await authorizationParameters({ client_id: clientId, ...asked })
  const browser = createBrowser(server)
  const login = await browser.send(authorizeUrl(query))
  const consent = await logIn(browser, login.body)
  const { location } = await approve(browser, consent.body)
  const redeemed = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code: location?.searchParams.get('code') ?? undefined,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  }
  return { clientId, redeemed, browser, consent: consent.body }
}

describe('a server of the parts that a client of MCP needs', () => {
  it('registers a client, asks the user, issues tokens and refreshes them', async () => {
    const server = composedServer()
    const { clientId, redeemed } = await code(server)
    const first = await tokens(server, redeemed)
    expect(claimsOf(first['access_token'])).toMatchObject({ iss: issuer, aud: mcp, sub: 'alice' })
    const again = await tokens(server, {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: first['refresh_token'],
    })
    expect(claimsOf(again['access_token'])).toMatchObject({ sub: 'alice', client_id: clientId })
    await expect(tokens(server, redeemed)).resolves.toMatchObject({ error: 'invalid_grant' })
  })

  it('says in its metadata no more than it does', async () => {
    const metadata = await composedServer().metadata()
    const whole = await testServer().server.metadata()
    const left = Object.keys(whole).filter((name) => !(name in metadata))
    expect(left.toSorted()).toEqual([
      'backchannel_logout_session_supported',
      'backchannel_logout_supported',
      'dpop_signing_alg_values_supported',
      'end_session_endpoint',
      'introspection_endpoint',
      'introspection_endpoint_auth_methods_supported',
      'introspection_endpoint_auth_signing_alg_values_supported',
      'introspection_signing_alg_values_supported',
      'revocation_endpoint',
      'revocation_endpoint_auth_methods_supported',
      'revocation_endpoint_auth_signing_alg_values_supported',
      'token_endpoint_auth_signing_alg_values_supported',
      'userinfo_endpoint',
      'userinfo_signing_alg_values_supported',
    ])
    expect(metadata).toMatchObject({ token_endpoint_auth_methods_supported: ['none'] })
  })

  it('answers nothing at the paths of endpoints that it does not have', async () => {
    const server = composedServer()
    for (const path of [
      '/account',
      '/signed-out',
      '/logout',
      '/revoke',
      '/introspect',
      '/userinfo',
      '/callback/x',
    ])
      expect(await server.handle(new Request(issuer + path))).toBeUndefined()
  })

  it('asks on the consent page for nothing that there is no page for', async () => {
    const { consent } = await code(composedServer())
    expect(consent).not.toContain('Connected apps')
    expect(consent).toContain('After 90 days at most.')
    const withAccount = await code(composedServer({ endpoints: [account()] }))
    expect(withAccount.consent).toContain('Connected apps')
  })

  it('allows a page no style that is not on it', async () => {
    const server = composedServer({ pages: { languages: [english], render } })
    const response = await server.handle(new Request(`${issuer}/authorize`))
    expect(response?.headers.get('content-security-policy')).toContain("style-src 'none'")
    const styled = await composedServer().handle(new Request(`${issuer}/authorize`))
    expect(styled?.headers.get('content-security-policy')).toContain("style-src 'sha256-")
  })

  it('lets its account page and its administration be put in beside', async () => {
    const server = composedServer({ endpoints: [account()] })
    const { redeemed, browser } = await code(server)
    await tokens(server, redeemed)
    const page = await browser.send(`${issuer}/account`)
    expect(page.body).toContain('These apps have access')
    const grants = createGrantAdministration(server.context)
    await expect(grants.list({ subject: 'alice' })).resolves.toHaveLength(1)
    await expect(grants.revokeAll({ subject: 'alice' })).resolves.toBe(1)
  })
})

describe('what a part is missing for is refused', () => {
  it('a client that wants to prove itself by a secret', async () => {
    const method = { token_endpoint_auth_method: 'client_secret_basic' }
    await expect(register(composedServer(), method)).resolves.toMatchObject({
      error: 'invalid_client_metadata',
    })
    const both = composedServer({ clientAuthentication: [clientSecretBasic()] })
    await expect(register(both, method)).resolves.toHaveProperty('client_secret')
  })

  it('a secret that is sent all the same', async () => {
    const server = composedServer()
    const { redeemed } = await code(server)
    const basic = { authorization: `Basic ${btoa(`${redeemed.client_id}:guess`)}` }
    const { client_id: _, ...rest } = redeemed
    await expect(tokens(server, rest, basic)).resolves.toMatchObject({ error: 'invalid_client' })
  })

  const proving: Partial<ServerComposition> = { dpop: createDpopVerifier() }
  const logoutUri = 'https://app.example.com/logout'

  it.each<[string, Partial<ServerComposition>]>([
    ['dpop_bound_access_tokens', proving],
    ['tls_client_certificate_bound_access_tokens', { mutualTls: true }],
    ['require_pushed_authorization_requests', { requestSources: [pushedRequests()] }],
    ['require_signed_request_object', { requestSources: [requestObjects()] }],
  ])('a client that registers %s, which nothing would hold it to', async (demand, part) => {
    const { publicJwk } = await generateKey('ES256')
    const says = { [demand]: true, jwks: { keys: [{ ...publicJwk, kid: 'one' }] } }
    await expect(register(composedServer(), says)).resolves.toMatchObject({
      error: 'invalid_client_metadata',
      error_description: expect.stringContaining(`${demand} needs `),
    })
    await expect(register(composedServer(part), says)).resolves.toMatchObject({ [demand]: true })
    // What is no flag could be meant as one.
    await expect(register(composedServer(part), { ...says, [demand]: 'true' })).resolves.toMatchObject({
      error: 'invalid_client_metadata',
    })
    await expect(register(composedServer(), { [demand]: false })).resolves.not.toHaveProperty(demand)
  })

  it.each<[string, unknown, Partial<ServerComposition>]>([
    ['backchannel_logout_uri', logoutUri, { backChannelLogout: backChannelLogout() }],
    ['post_logout_redirect_uris', [app], { endpoints: [endSession()] }],
    ['userinfo_signed_response_alg', 'ES256', { endpoints: [userinfo()] }],
    ['introspection_signed_response_alg', 'ES256', { endpoints: [introspection()] }],
    ['request_object_signing_alg', 'ES256', { requestSources: [requestObjects()] }],
  ])('%s is left out of a registration that nothing would come of', async (name, value, part) => {
    expect(await register(composedServer(), { [name]: value })).not.toHaveProperty(name)
    await expect(register(composedServer(part), { [name]: value })).resolves.toMatchObject({ [name]: value })
  })

  it('what else a client registers for parts that are not there is not promised to it', async () => {
    const device = 'urn:ietf:params:oauth:grant-type:device_code'
    const says = {
      grant_types: ['authorization_code', 'refresh_token', device],
      authorization_details_types: ['payment'],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: logoutUri,
    }
    const answer = await register(composedServer({ grants: [authorizationCode()] }), says)
    expect(answer).toMatchObject({ grant_types: ['authorization_code'], authorization_details_types: [] })
    expect(answer).not.toHaveProperty('backchannel_token_delivery_mode')
    expect(answer).not.toHaveProperty('backchannel_client_notification_endpoint')
  })

  it('an address for logouts that nobody may be told at', async () => {
    const telling = composedServer({ backChannelLogout: backChannelLogout() })
    const inside = { backchannel_logout_uri: 'https://10.0.0.1/logout' }
    await expect(register(telling, inside)).resolves.toMatchObject({ error: 'invalid_client_metadata' })
  })

  it.each([
    ['dpop_jkt', 'invalid_request', 'x'.repeat(43)],
    ['authorization_details', 'invalid_authorization_details', '[{"type":"payment"}]'],
    // Not even a list of nothing: whoever sends one believes that it is read.
    ['authorization_details', 'invalid_authorization_details', '[]'],
  ])('a request with %s, which would be granted without', async (name, error, value) => {
    const server = composedServer({ requestSources: [pushedRequests()] })
    const { client_id: clientId } = await register(server)
    const { query } = await authorizationParameters({ client_id: clientId, [name]: value })
    const refused = await createBrowser(server).send(authorizeUrl(query))
    expect(refused.location?.searchParams.get('error')).toBe(error)
    const pushed = await server.handle(
      new Request(`${issuer}/par`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: query,
      }),
    )
    await expect(pushed?.json()).resolves.toMatchObject({ error })
  })

  it('authorization details at the token endpoint, and the code stays good', async () => {
    const server = composedServer()
    const { redeemed } = await code(server)
    const more = { ...redeemed, authorization_details: '[{"type":"payment"}]' }
    await expect(tokens(server, more)).resolves.toMatchObject({ error: 'invalid_authorization_details' })
    await expect(tokens(server, redeemed)).resolves.toHaveProperty('access_token')
  })

  it('offline_access is nothing that a server without refresh tokens offers, or asks users about', async () => {
    const server = composedServer({ grants: [authorizationCode()] })
    expect((await server.metadata())['scopes_supported']).not.toContain('offline_access')
    expect((await composedServer().metadata())['scopes_supported']).toContain('offline_access')
    // Many clients ask for it at every server.
    const both = await code(server, {}, { scope: 'read:application offline_access' })
    expect(both.consent).not.toContain('Stay connected')
    const issued = await tokens(server, both.redeemed)
    expect(issued).toMatchObject({ scope: 'read:application' })
    expect(issued).not.toHaveProperty('refresh_token')
    const { query } = await authorizationParameters({ client_id: both.clientId, scope: 'offline_access' })
    const alone = await createBrowser(server).send(authorizeUrl(query))
    expect(alone.location?.searchParams.get('error')).toBe('invalid_scope')
  })

  // What a program in JavaScript may pass.
  const noLanguage = { languages: [], render } as unknown as ServerComposition['pages']
  const noMarkup = { languages: [english], render: {} } as unknown as ServerComposition['pages']
  const client = (rest: Partial<ClientOptions>): Partial<ServerComposition> => ({
    clients: [registered({ client_id: 'app', redirect_uris: [app], ...rest })],
  })
  it.each<[string, Partial<ServerComposition>, string]>([
    ['a client with a secret', client({ client_secret: 'a secret' }), 'clientAuthentication'],
    ['a client with bound tokens', client({ dpop_bound_access_tokens: true }), 'the option dpop'],
    [
      'a client that wants to hear of logouts',
      client({ backchannel_logout_uri: `${app}/out` }),
      'backChannelLogout',
    ],
    [
      'a client that wants its users back from logouts',
      client({ post_logout_redirect_uris: [app] }),
      'post_logout_redirect_uris needs endSession() in the option endpoints',
    ],
    [
      'a client that wants signed answers',
      client({ userinfo_signed_response_alg: 'RS256' }),
      'userinfo_signed_response_alg needs userinfo() in the option endpoints',
    ],
    [
      'a client of another grant type',
      client({ grant_types: ['client_credentials'], client_secret: 'a secret', scopes: ['read:user'] }),
      'option grants',
    ],
    ['an answer by form without its page', { responseModes: ['form_post'] }, 'pages.render has no formPost'],
    ['pages without a language', { pages: noLanguage }, 'pages.languages is empty'],
    ['pages without markup', { pages: noMarkup }, 'pages.render has no login'],
    ['two endpoints that are one', { endpoints: [account(), account()] }, 'two parts named "account"'],
    ['a path of no endpoint', { paths: { account: '/me' } }, 'paths.account'],
  ])('%s, when the server is made', (_, composition, message) => {
    expect(() => composedServer(composition)).toThrow(message)
  })

  it('a login at a provider that nothing would come back from, when the server is made', () => {
    const interaction = {
      providers: ['github'],
      authenticate: () => Promise.reject(new Error('not asked')),
      consent: () => Promise.reject(new Error('not asked')),
    }
    expect(() => composedServer({ interaction })).toThrow('providerLogins()')
    expect(() => composedServer({ interaction, endpoints: [providerLogins()] })).not.toThrow()
  })

  it.each(['grants', 'clientAuthentication', 'endpoints', 'pages'] as const)(
    'a composition without %s, when the server is made',
    (part) => {
      expect(() => composedServer({ [part]: undefined })).toThrow(`${part} is missing`)
    },
  )
})
