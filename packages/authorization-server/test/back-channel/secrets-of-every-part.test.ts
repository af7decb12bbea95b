// OWASP Logging Cheat Sheet, data to exclude: https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AccessTokenFormat } from '@gatewright/authorization-server'
import { signAssertion, bearerAssertion } from '../support/assertions.ts'
import { createBrowser, formOf } from '../support/browser.ts'
import { cibaGrant, fetchTokens, openLink, startBackchannel } from '../support/ciba.ts'
import { deviceGrant, enterCode, openDevicePage, poll, startDevice } from '../support/device.ts'
import { proofFor, testKey } from '../support/dpop.ts'
import { bearerGrant, exchangeGrant, nonceSecret, serverWithEveryPart } from '../support/every-part.ts'
import { callbackUrl, leaveFor } from '../support/fake-provider.ts'
import { approve, authorizeUrl, logIn, post, redeem, refresh, toQuery } from '../support/flow.ts'
import { signedInAtWiki } from '../support/logout.ts'
import { push, reference } from '../support/pushed.ts'
import { nativeClient, register } from '../support/registration.ts'
import { as } from '../support/service-server.ts'
import { issuer, mcp, otherResource } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'
import { idJag, idJagType } from '../support/trusted-idp.ts'

type Setting = Awaited<ReturnType<typeof serverWithEveryPart>>

/** Keeps a secret under a name; of what has parts, the secret ones as well. */
type Keep = (name: string, value: string | null | undefined) => string

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

async function connectDevice({ test }: Setting, keep: Keep) {
  const { json: started } = await startDevice(test)
  keep('device code', started.device_code)
  keep('user code', started.user_code)
  keep('user code without its hyphen', started.user_code.replace('-', ''))
  await poll(test, started.device_code)
  // Nobody is signed in: the link waits with its code until the login.
  await createBrowser(test.server).send(started.verification_uri_complete)
  const { browser, page } = await openDevicePage(test)
  keep('cookie at the device page', [...browser.cookies.values()][0])
  keep('wrong user code', 'BCDF-GHJK')
  await enterCode(browser, page, 'BCDF-GHJK')
  const consent = await enterCode(browser, page, started.user_code)
  keep('csrf token of the device page', formOf(consent.body, 'consent').fields.get('csrf'))
  await approve(browser, consent.body)
  test.clock.advance(10)
  const { json } = await poll(test, started.device_code)
  keep('access token of the device', json.access_token)
  keep('refresh token of the device', json.refresh_token)
  await poll(test, started.device_code)
}

async function askInBackground({ test, asked }: Setting, keep: Keep) {
  const sender = { basic: 'pinged:desk-secret' }
  const token = keep('token of a ping', 'n'.repeat(43))
  const { id } = await startBackchannel(test, { client_notification_token: token }, sender)
  keep('auth_req_id', id)
  keep('secret of the auth_req_id', id.slice(23))
  keep('handle of a request in the background', asked[0]?.id)
  await fetchTokens(test, id, {}, sender)
  const { browser, body } = await openLink(test, asked[0]?.url ?? '')
  keep('csrf token of a request in the background', formOf(body, 'consent').fields.get('csrf'))
  await approve(browser, body)
  const { json } = await fetchTokens(test, id, {}, sender)
  keep('access token from the background', json.access_token)
  keep('refresh token from the background', json.refresh_token)
  keep('id token from the background', json.id_token)
  await fetchTokens(test, id, {}, sender)
}

async function pushAndBind({ test }: Setting, keep: Keep) {
  const key = await testKey(test)
  const proof = async (path: string, nonce?: string) =>
    keep(`proof ${crypto.randomUUID()}`, await proofFor(key, path, nonce === undefined ? {} : { nonce }))
  const refused = await push(test, {}, { dpop: await proof('/par') })
  const nonce = keep('nonce', refused.headers.get('dpop-nonce'))
  const { verifier, uri } = await push(test, {}, { dpop: await proof('/par', nonce) })
  keep('verifier', verifier)
  keep('handle of a pushed request', uri.split(':').at(-1))
  const browser = createBrowser(test.server)
  const login = await browser.send(authorizeUrl(reference(uri)))
  const { location } = await approve(browser, (await logIn(browser, login.body)).body)
  const code = keep('code', location?.searchParams.get('code'))
  keep('secret of the code', code.slice(23))
  const used = await proof('/token', nonce)
  await redeem(test, { code, verifier }, {}, { dpop: await proof('/par', nonce) })
  const { json } = await redeem(test, { code, verifier }, {}, { dpop: used })
  keep('bound access token', json.access_token)
  keep('bound refresh token', json.refresh_token)
  await refresh(test, json.refresh_token, {}, { dpop: used })
  await refresh(test, json.refresh_token)
  const { json: next } = await refresh(test, json.refresh_token, {}, { dpop: await proof('/token', nonce) })
  keep('next bound access token', next.access_token)
  keep('next bound refresh token', next.refresh_token)
  const headers = { authorization: `DPoP ${next.access_token}`, dpop: used }
  await test.server.handle(new Request(`${issuer}/userinfo`, { headers }), {})
}

async function assertAndExchange({ test, idp, assertionKey }: Setting, keep: Keep, subjectToken: string) {
  const present = (assertion: string) =>
    post(test, '/token', { grant_type: bearerGrant, assertion, resource: mcp }, { basic: as('gw') })
  const assertion = await idp.sign(idJag(test.clock.now(), { client_id: 'gw' }), idJagType)
  keep('assertion', assertion)
  keep('access token for an assertion', (await present(assertion)).json.access_token)
  await present(assertion)
  await present(keep('assertion for another client', await idp.sign(idJag(test.clock.now()), idJagType)))

  const clientAssertion = keep('client assertion', await signAssertion(assertionKey, test.clock.now()))
  const authenticate = () =>
    post(test, '/token', {
      grant_type: 'client_credentials',
      resource: mcp,
      client_assertion_type: bearerAssertion,
      client_assertion: clientAssertion,
    })
  keep('access token of a client', (await authenticate()).json.access_token)
  await authenticate()

  const exchange = (token: string, resource = otherResource) =>
    post(
      test,
      '/token',
      { grant_type: exchangeGrant, subject_token: token, subject_token_type: accessTokenType, resource },
      { basic: as('gw') },
    )
  keep('exchanged token', (await exchange(subjectToken)).json.access_token)
  await exchange(subjectToken, 'https://evil.example/')
  await exchange(keep('no token', 'a-subject-token-that-is-none'))
  await post(test, '/introspect', { token: subjectToken }, { basic: 'rs1:rs1-secret-wrong' })
  await post(test, '/introspect', { token: subjectToken }, { basic: as('rs1') })
}

async function manageRegistration({ test }: Setting, keep: Keep) {
  const { json: client } = await register(test, { redirect_uris: ['https://app.example.com/cb'] })
  keep('secret of a registration', client.client_secret)
  const token = keep('registration access token', String(client['registration_access_token']))
  const manage = (method: string, bearer: string, body?: object) =>
    test.server.handle(
      new Request(`${issuer}/register?client_id=${client.client_id}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      { ip: '192.0.2.1' },
    )
  await manage('GET', keep('wrong registration access token', `wrong${token.slice(5)}`))
  await manage('GET', token)
  await manage('PUT', token, { client_id: client.client_id, redirect_uris: ['http://evil.example/cb'] })
  const changed = await manage('PUT', token, { ...nativeClient, client_id: client.client_id })
  const { registration_access_token: next } = ((await changed?.json()) ?? {}) as Record<string, string>
  if (next !== undefined) keep('next registration access token', next)
  await manage('DELETE', next ?? token)
}

async function logInElsewhere({ test, github, other }: Setting, keep: Keep) {
  const browser = createBrowser(test.server)
  const left = await leaveFor(browser, 'github')
  keep('state at the provider', left.searchParams.get('state'))
  keep('upstream token', 'upstream-secret-token')
  for (const cookie of browser.cookies.values()) keep(`cookie of a trip ${cookie.slice(0, 4)}`, cookie)
  const back = callbackUrl(left, 'github', { code: 'alice' })
  await createBrowser(test.server).send(back)
  const { location } = await browser.send(back)
  keep('code after the provider', location?.searchParams.get('code'))
  await browser.send(back)
  const away = await leaveFor(createBrowser(test.server), 'other')
  keep('state of a refused login', away.searchParams.get('state'))
  await browser.send(callbackUrl(away, 'other', { error: 'access_denied' }))
  expect([github.finished.length, other.finished.length]).toEqual([1, 0])
}

async function signOut({ test, notifications }: Setting, keep: Keep) {
  const { browser, idToken, accessToken, refreshToken } = await signedInAtWiki({ test })
  keep('id token', idToken)
  keep('access token of the wiki', accessToken)
  keep('refresh token of the wiki', refreshToken)
  keep('cookie of the session', [...browser.cookies.values()][0])
  await browser.send(`${issuer}/logout?${toQuery({ id_token_hint: `${idToken.slice(0, -4)}AAAA` })}`)
  await browser.send(`${issuer}/logout?${toQuery({ id_token_hint: idToken })}`)
  const notification = new URLSearchParams(await notifications.at(-1)?.text())
  keep('logout token', notification.get('logout_token'))
  await post(test, '/revoke', { token: refreshToken }, { basic: 'wiki:wiki-secret' })
}

async function administer({ test }: Setting) {
  const { grants, users } = test.server
  const found = [await grants.list({ subject: 'alice' }), await users.sessions('alice')]
  await grants.revokeAll({ clientId: 'tv' })
  await users.signOut('alice', { grants: true })
  await users.erase('alice')
  return found
}

/** Drives every part, well and badly, and keeps every secret that was used. */
async function everyPart(format: AccessTokenFormat) {
  const secrets = new Map<string, string>()
  const keep: Keep = (name, value) => {
    if (!value) throw new Error(`there is no ${name}`)
    secrets.set(name, value)
    // Of a JWT the signature alone makes it whole again.
    const [, , signature] = value.split('.')
    if (signature !== undefined) secrets.set(`signature of ${name}`, signature)
    return value
  }
  for (const secret of ['gw-secret', 'desk-secret', 'rs1-secret', 'wiki-secret', 'alice-pw', nonceSecret])
    keep(secret, secret)
  const setting = await serverWithEveryPart(format)
  const { test, storage } = setting
  await connectDevice(setting, keep)
  await askInBackground(setting, keep)
  await pushAndBind(setting, keep)
  const { accessToken } = await signedInAtWiki({ test, overrides: { resource: mcp } })
  await assertAndExchange(setting, keep, keep('subject token', accessToken))
  await manageRegistration(setting, keep)
  await logInElsewhere(setting, keep)
  await signOut(setting, keep)
  storage.hooks.before = () => Promise.reject(new Error('the database is gone'))
  const lost = keep('device code while the database was gone', `${'d'.repeat(22)}.${'e'.repeat(43)}`)
  await poll(test, lost)
  await push(test)
  await refresh(test, secrets.get('next bound refresh token'))
  storage.hooks.before = undefined
  return { ...setting, secrets, administered: await administer(setting) }
}

const text = (value: unknown) =>
  inspect(value, { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity, showHidden: true })

function expectNone(where: string, secrets: ReadonlyMap<string, string>) {
  const found = [...secrets].filter(([, secret]) => where.includes(secret)).map(([name]) => name)
  expect(found).toEqual([])
}

afterEach(() => void vi.restoreAllMocks())

describe.each(['jwt', 'opaque'] as const)('with every part and %s access tokens', (format) => {
  it('PV-01 PV-02 PV-03 no event, error answer, policy, list of an administrator or line of a log carries a secret', async () => {
    const methods = ['log', 'info', 'warn', 'error', 'debug'] as const
    const logs = methods.map((method) => vi.spyOn(console, method))
    const { test, secrets, refusals, shown, administered } = await everyPart(format)
    expect(secrets.size).toBeGreaterThan(50)
    const types = new Set(test.events.map(({ type }) => type))
    expect([...types].toSorted()).toEqual(expect.arrayContaining(happened))
    expectNone(text(test.events), secrets)
    // Where a URL of a request would be logged, it is without its query.
    expect(text(test.events)).not.toMatch(
      /\/(?:authorize|callback|interaction|device|logout)[/\w]*\?|state-1/,
    )
    // Once more as a log would have them: what is hidden from one printer is not from the other.
    expectNone(JSON.stringify(test.events), secrets)
    expect(refusals.length).toBeGreaterThan(15)
    // A nonce is told to whoever must send it, and a mistyped code is shown to whoever typed it.
    const told = new Map([...secrets].filter(([name]) => name !== 'nonce' && name !== 'wrong user code'))
    expectNone(refusals.join('\n'), told)
    expect(shown.length).toBeGreaterThan(10)
    expectNone(text([shown, administered]), secrets)
    expectNone(text([test.server, await test.server.metadata()]), secrets)
    for (const log of logs) expect(log).not.toHaveBeenCalled()
  })

  it('PV-06 nothing that was ever written to the storage carries a secret', async () => {
    const { storage, secrets } = await everyPart(format)
    const written = storage.dump()
    expect(written.length).toBeGreaterThan(10_000)
    expectNone(written, secrets)
  })

  it('PV-05 each thing that happened is reported once, with who it was and why', async () => {
    const { test } = await everyPart(format)
    const issued = eventsOf(test, 'token.issued').map(({ clientId, grantType }) => `${clientId} ${grantType}`)
    expect(issued).toEqual([
      `tv ${deviceGrant}`,
      `pinged ${cibaGrant}`,
      'claude-desktop-mcp authorization_code',
      'claude-desktop-mcp refresh_token',
      'wiki authorization_code',
      `gw ${bearerGrant}`,
      'pkjwt client_credentials',
      `gw ${exchangeGrant}`,
      'wiki authorization_code',
    ])
    const once = {
      'backchannel_request.issued': { clientId: 'pinged', subject: 'alice' },
      'backchannel_request.notification_failed': { clientId: 'pinged', subject: 'alice' },
      'backchannel_request.reused': { clientId: 'pinged', subject: 'alice' },
      'device_code.issued': { clientId: 'tv' },
      'device_code.reused': { clientId: 'tv', subject: 'alice' },
      'user_code.rejected': { ip: '192.0.2.1' },
      'client.registered': { ip: '192.0.2.1' },
      'client.deleted': {},
      'user.erased': {},
    }
    const told = Object.fromEntries(Object.keys(once).map((type) => [type, eventsOf(test, type)]))
    expect(told).toMatchObject(
      Object.fromEntries(Object.entries(once).map(([type, details]) => [type, [details]])),
    )
  })
})

const happened = [
  'authorization_code.issued',
  'backchannel_request.issued',
  'backchannel_request.notification_failed',
  'backchannel_request.reused',
  'client.authentication_failed',
  'client.deleted',
  'client.registered',
  'consent.approved',
  'device_code.issued',
  'device_code.reused',
  'grant.revoked',
  'login.succeeded',
  'logout.notification_failed',
  'refresh_token.rotated',
  'request.failed',
  'session.ended',
  'token.issued',
  'token.refused',
  'user.erased',
  'user_code.rejected',
]
