// A migration keeps the addresses that its clients have learned, whatever answers behind them.
import {
  authorizationCode,
  deviceCode,
  dynamicRegistration,
  registrationManagement,
  pushedRequests,
  refreshToken,
  registered,
} from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { deviceGrant, enterCode } from '../support/device.ts'
import { choose, decide, serverWithProviders } from '../support/fake-provider.ts'
import { approve, authorizationParameters, logIn, post } from '../support/flow.ts'
import { issuer, mcp, testServer } from '../support/test-server.ts'

const paths = {
  authorization: '/login/oauth/authorize',
  token: '/api/login/oauth/access_token',
  userinfo: '/api/get-account',
  interaction: '/login/oauth/continue',
  account: '/account/apps',
  jwks: '/.well-known/jwks',
  registration: '/api/register',
  callback: '/api/callback',
  revocation: '/api/login/oauth/revoke',
  introspection: '/api/login/oauth/introspect',
  device_authorization: '/api/device-auth',
  device: '/login/device',
  pushed_authorization_request: '/api/login/oauth/par',
}

function casdoorLike() {
  return testServer({
    paths,
    resources: [{ resource: mcp }],
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        { client_id: 'tv', grant_types: [deviceGrant] },
        { client_id: 'rs', client_secret: 'rs-secret', grant_types: [], serves: [mcp] },
      ),
      dynamicRegistration({ mode: 'open', management: registrationManagement() }),
    ],
    grants: [authorizationCode(), refreshToken(), deviceCode()],
    requestSources: [pushedRequests()],
  })
}

type Test = ReturnType<typeof casdoorLike>

async function tokens(test: Test, overrides: Readonly<Record<string, string | undefined>> = {}) {
  const { query, verifier } = await authorizationParameters(overrides)
  const browser = createBrowser(test.server)
  const login = await browser.send(`${issuer}${paths.authorization}?${query}`)
  expect(login.body).toContain(`action="${issuer}${paths.interaction}?request=`)
  const { location } = await approve(browser, (await logIn(browser, login.body)).body)
  const code = location?.searchParams.get('code') ?? undefined
  const parameters = {
    grant_type: 'authorization_code',
    client_id: 'claude-desktop-mcp',
    code,
    code_verifier: verifier,
  }
  return { browser, json: (await post(test, paths.token, parameters)).json }
}

describe('with paths of the operator’s choice', () => {
  it('the whole life of a token takes place there, and the metadata says so', async () => {
    const test = casdoorLike()
    expect(await test.server.metadata()).toMatchObject({
      authorization_endpoint: `${issuer}${paths.authorization}`,
      token_endpoint: `${issuer}${paths.token}`,
      userinfo_endpoint: `${issuer}${paths.userinfo}`,
      jwks_uri: `${issuer}${paths.jwks}`,
      revocation_endpoint: `${issuer}${paths.revocation}`,
      introspection_endpoint: `${issuer}${paths.introspection}`,
      device_authorization_endpoint: `${issuer}${paths.device_authorization}`,
      pushed_authorization_request_endpoint: `${issuer}${paths.pushed_authorization_request}`,
    })
    const { browser, json } = await tokens(test)
    const { access_token: token, refresh_token: refresh } = json
    const account = await browser.send(`${issuer}${paths.account}`)
    expect(account.body).toContain(`action="${issuer}${paths.account}"`)
    const introspect = () => post(test, paths.introspection, { token }, { basic: 'rs:rs-secret' })
    expect((await introspect()).json).toMatchObject({ active: true, sub: 'alice' })
    const next = { grant_type: 'refresh_token', client_id: 'claude-desktop-mcp', refresh_token: refresh }
    const refreshed = await post(test, paths.token, next)
    expect(refreshed.status).toBe(200)
    const ended = { token: refreshed.json.refresh_token, client_id: 'claude-desktop-mcp' }
    expect((await post(test, paths.revocation, ended)).status).toBe(200)
    expect((await introspect()).json).toEqual({ active: false })
    expect((await test.server.handle(new Request(`${issuer}${paths.jwks}`)))?.status).toBe(200)
  })

  it('the user is known at the address of the account', async () => {
    const test = casdoorLike()
    const { json } = await tokens(test, { scope: 'openid email', resource: undefined })
    const headers = { authorization: `Bearer ${json.access_token}` }
    const response = await test.server.handle(new Request(`${issuer}${paths.userinfo}`, { headers }))
    expect(await response?.json()).toMatchObject({ sub: 'alice', email: 'alice@example.com' })
  })

  it('devices are connected and requests pushed there', async () => {
    const test = casdoorLike()
    const { json } = await post(test, paths.device_authorization, { client_id: 'tv' })
    expect(json['verification_uri']).toBe(`${issuer}${paths.device}`)
    const browser = createBrowser(test.server)
    const page = await logIn(browser, (await browser.send(`${issuer}${paths.device}`)).body)
    const consent = await enterCode(browser, page.body, json['user_code'] ?? '')
    expect((await approve(browser, consent.body)).body).toContain('Your device is connected')
    const poll = { grant_type: deviceGrant, client_id: 'tv', device_code: json['device_code'] }
    expect((await post(test, paths.token, poll)).status).toBe(200)
    const { query } = await authorizationParameters()
    const pushed = (await post(test, paths.pushed_authorization_request, query)).json['request_uri'] ?? ''
    const reference = new URLSearchParams({ client_id: 'claude-desktop-mcp', request_uri: pushed })
    const login = await createBrowser(test.server).send(`${issuer}${paths.authorization}?${reference}`)
    expect(login.body).toContain('id="login"')
  })

  it('clients register there, and are told where to manage their registration', async () => {
    const test = casdoorLike()
    const ask = (url: string, init: RequestInit) => test.server.handle(new Request(url, init))
    const response = await ask(`${issuer}${paths.registration}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/callback'] }),
    })
    expect(response?.status).toBe(201)
    const client = (await response?.json()) as Readonly<Record<string, string>>
    const management = client['registration_client_uri'] ?? ''
    expect(management).toContain(`${issuer}${paths.registration}`)
    const authorization = `Bearer ${client['registration_access_token']}`
    expect((await ask(management, { headers: { authorization } }))?.status).toBe(200)
    expect(await test.server.metadata()).toMatchObject({
      registration_endpoint: `${issuer}${paths.registration}`,
    })
  })

  it('providers send the browser back there', async () => {
    const { authorization, interaction, callback } = paths
    const { test, github, browser } = serverWithProviders({ paths: { authorization, interaction, callback } })
    const { query } = await authorizationParameters()
    const page = await browser.send(`${issuer}${paths.authorization}?${query}`)
    const left = await decide(browser, (await choose(browser, page.body, 'github')).body)
    expect(github.started[0]?.redirectUri).toBe(`${issuer}${paths.callback}/github`)
    const state = left.location?.searchParams.get('state') ?? ''
    const answer = new URLSearchParams({ state, code: 'alice' })
    const back = await browser.send(`${issuer}${paths.callback}/github?${answer}`)
    expect(back.location?.searchParams.get('code')).toBeTruthy()
    const old = new Request(`${issuer}/callback/github?${answer}`)
    expect(await test.server.handle(old)).toBeUndefined()
  })

  it('nothing is left at the default ones', async () => {
    const test = casdoorLike()
    for (const path of [
      '/authorize',
      '/token',
      '/userinfo',
      '/register',
      '/callback',
      '/jwks',
      '/revoke',
      '/introspect',
      '/par',
      '/device',
    ])
      expect(await test.server.handle(new Request(issuer + path)), path).toBeUndefined()
  })
})
