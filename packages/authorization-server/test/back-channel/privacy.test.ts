// OWASP Logging Cheat Sheet, data to exclude: https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  dynamicRegistration,
  loginWith,
  password,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import { createBrowser, formOf } from '../support/browser.ts'
import {
  approve,
  authorizationParameters,
  authorizeUrl,
  claimsOf,
  logIn,
  post,
  redeem,
  refresh,
} from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { nativeClient, register } from '../support/registration.ts'
import { testServer, users } from '../support/test-server.ts'
import { eventsOf, obtainTokens, obtainWebCode, redeemWeb } from '../support/tokens.ts'

const seal = 'a seal for tests of more than 32 characters'
const initialToken = 'an-initial-access-token'

/** Runs through everything that the back channel does, well and badly, and keeps every secret that was used. */
async function wholeLife() {
  const secrets = new Map<string, string>()
  const keep = (name: string, value: string | undefined) => {
    if (!value) throw new Error(`there is no ${name}`)
    secrets.set(name, value)
  }
  const { storage, dump, hooks } = hookedStorage()
  const test = testServer({
    storage,
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        { client_id: 'web', client_secret: 'web-secret', redirect_uris: ['https://app.example.com/cb'] },
      ),
      dynamicRegistration({ mode: 'token', initialAccessTokens: [initialToken] }),
    ],
  })
  keep('seal', seal)
  keep('initial access token', initialToken)
  keep('password', 'alice-pw')
  keep('wrong password', 'alice-pw-wrong')
  keep('client secret', 'web-secret')
  keep('wrong client secret', 'web-secret-wrong')
  keep('note about the user', String(users.get('alice')?.claims?.['email']))

  const browser = createBrowser(test.server)
  const { verifier, query } = await authorizationParameters({
    state: 'the-state-of-the-client',
    scope: 'openid email read:application',
  })
  keep('verifier', verifier)
  const login = await browser.send(authorizeUrl(query))
  keep('handle', new URL(formOf(login.body, 'login').action).searchParams.get('request') ?? '')
  keep('csrf token', formOf(login.body, 'login').fields.get('csrf') ?? '')
  keep('cookie before the login', [...browser.cookies.values()][0])
  await logIn(browser, login.body, 'alice', 'alice-pw-wrong')
  const consent = await logIn(browser, login.body)
  keep('cookie', [...browser.cookies.values()][0])
  const { location } = await approve(browser, consent.body)
  const code = location?.searchParams.get('code') ?? ''
  keep('code', code)
  keep('secret of the code', code.slice(23))

  keep('wrong verifier', 'wrong-verifier-'.repeat(3))
  await redeem(test, { code, verifier: 'wrong-verifier-'.repeat(3) })
  const tokens = (await redeem(test, { code, verifier })).json
  const refreshed = (await refresh(test, tokens.refresh_token)).json
  await refresh(test, tokens.refresh_token)
  for (const [name, json] of Object.entries({ first: tokens, second: refreshed })) {
    for (const kind of ['access_token', 'id_token'] as const) {
      keep(`${name} ${kind}`, json[kind])
      keep(`signature of the ${name} ${kind}`, json[kind]?.split('.')[2])
    }
    keep(`${name} refresh_token`, json.refresh_token)
    keep(`secret of the ${name} refresh_token`, json.refresh_token?.split('.')[2])
    keep(`family of the ${name} refresh_token`, json.refresh_token?.split('.')[2]?.slice(0, 21))
  }
  await redeem(test, { code, verifier })
  await refresh(test, refreshed.refresh_token)

  const { json: client } = await register(
    test,
    { redirect_uris: ['https://app.example.com/cb'] },
    initialToken,
  )
  keep('secret of a dynamic client', client.client_secret)
  await register(test, nativeClient, `${initialToken}-wrong`)
  const webCode = await obtainWebCode(test)
  await redeemWeb(test, webCode, {}, { basic: 'web:web-secret-wrong' })
  const web = await redeemWeb(test, webCode, {})
  keep('refresh token of a confidential client', web.json.refresh_token)
  await post(test, '/revoke', { token: web.json.access_token }, { basic: 'web:web-secret' })
  await post(test, '/revoke', { token: web.json.refresh_token }, { basic: 'web:web-secret' })
  hooks.before = () => Promise.reject(new Error('the database is gone'))
  await refresh(test, web.json.refresh_token)
  hooks.before = undefined
  return { test, secrets, dump }
}

const text = (value: unknown) =>
  inspect(value, { depth: Infinity, maxStringLength: Infinity, showHidden: true })

describe('where secrets must not be', () => {
  it('PV-01 PV-02 no event carries a secret, nor anything that hangs on one', async () => {
    const { test, secrets } = await wholeLife()
    const types = new Set(test.events.map(({ type }) => type))
    expect(types.size).toBeGreaterThanOrEqual(15)
    const log = text(test.events)
    for (const [name, secret] of secrets) expect(log.includes(secret), name).toBe(false)
    expect(log).not.toContain('the-state-of-the-client')
  })

  it('PV-06 AC-19 RT-23 nothing that was ever written to the storage carries a secret', async () => {
    const { secrets, dump } = await wholeLife()
    const written = dump()
    expect(written.length).toBeGreaterThan(10_000)
    for (const [name, secret] of secrets) expect(written.includes(secret), name).toBe(false)
    expect(written).not.toMatch(/"d":|PRIVATE KEY/)
  })

  it('PV-02 no error answer repeats what was presented', async () => {
    const test = testServer()
    const { code, verifier, refreshToken = '', accessToken = '' } = await obtainTokens(test)
    const answers = [
      await redeem(test, { code, verifier: `${verifier.slice(1)}x` }),
      await redeem(test, { code: `${code}x`, verifier }),
      await redeem(test, { code, verifier }, { redirect_uri: 'https://evil.example/cb' }),
      await refresh(test, `${refreshToken}x`),
      await refresh(test, refreshToken, { scope: 'secret-scope' }),
      await refresh(test, refreshToken, { resource: 'https://evil.example/' }),
      await post(test, '/token', { grant_type: 'secret-grant', client_id: 'pub' }),
      await post(test, '/token', { grant_type: 'refresh_token' }, { basic: 'evil-id:evil-secret' }),
      await post(test, '/revoke', { token: accessToken, client_id: 'evil-id' }),
    ]
    for (const { json, headers } of answers) {
      expect(json.error).toBeDefined()
      const answer = JSON.stringify([json, [...headers]])
      for (const presented of [code, verifier.slice(1), refreshToken, accessToken, 'evil', 'secret-'])
        expect(answer).not.toContain(presented)
    }
  })

  it('PV-02 neither the server nor its parts show a secret when they are printed', async () => {
    const parts = [
      signingKeys({ seal }),
      registered({
        client_id: 'web',
        client_secret: 'web-secret',
        redirect_uris: ['https://app.example.com/cb'],
      }),
      dynamicRegistration({ mode: 'token', initialAccessTokens: [initialToken] }),
      loginWith(password(async () => undefined)),
    ]
    const { test } = await wholeLife()
    const printed = text([parts, test.server, await test.server.metadata(), await test.server.jwks()])
    for (const secret of [seal, 'web-secret', initialToken]) expect(printed).not.toContain(secret)
    expect(JSON.stringify(await test.server.jwks())).not.toContain('"d":')
  })

  it('PV-10 an access token carries no claim about the user but the subject, and a random jti', async () => {
    const test = testServer()
    const scope = 'openid profile email read:application'
    const [one, two] = [await obtainTokens(test, { scope }), await obtainTokens(test, { scope })]
    const claims = claimsOf(one.accessToken)
    const names = ['iss', 'sub', 'aud', 'client_id', 'scope', 'jti', 'iat', 'exp', 'auth_time', 'grant_id']
    expect(Object.keys(claims).sort()).toEqual(names.sort())
    expect(claims.jti).toMatch(/^[\w-]{22}$/)
    expect(claims.jti).not.toBe(claimsOf(two.accessToken).jti)
    expect(claimsOf(one.tokens.id_token)).toMatchObject({ email: 'alice@example.com', name: 'Alice' })
    expect(claimsOf(one.tokens.id_token)).not.toHaveProperty('secret_note')
  })
})

describe('what events tell', () => {
  it('PV-05 each thing that happened is reported once, with who it was and why', async () => {
    const { test } = await wholeLife()
    const once = {
      'login.failed': { reason: 'wrong_password' },
      'login.succeeded': { subject: 'alice' },
      'authorization_code.verifier_failed': { clientId: 'claude-desktop-mcp' },
      'authorization_code.reused': { subject: 'alice' },
      'refresh_token.rotated': { subject: 'alice' },
      'refresh_token.repeated': { subject: 'alice' },
      'token.revoked': { clientId: 'web' },
      'client.registered': { ip: '192.0.2.1' },
      'client.registration_refused': { reason: 'invalid_token' },
      'client.authentication_failed': { clientId: 'web' },
      'request.failed': { message: expect.stringContaining('the database is gone') },
    }
    for (const [type, details] of Object.entries(once)) {
      const expected = type === 'login.succeeded' ? [details, details] : [details]
      expect(eventsOf(test, type), type).toMatchObject(expected)
    }
    expect(eventsOf(test, 'grant.revoked').map(({ reason }) => reason)).toEqual([
      'authorization_code.reused',
      'client',
    ])
  })

  it('PV-04 what a stranger sends cannot make a line of its own, when events are written as JSON', async () => {
    const test = testServer()
    const evil = 'x\r\n2026-01-01 INFO login.succeeded subject=admin\u001b[2K'
    await post(test, '/token', { grant_type: evil, client_id: 'pub' })
    await post(test, '/token', { grant_type: 'refresh_token', client_id: evil.repeat(100) })
    await register(test, { redirect_uris: [`https://app.example.com/${evil}`] })
    expect(test.events).toHaveLength(3)
    for (const event of test.events) {
      const line = JSON.stringify(event)
      expect(line).not.toMatch(/[\r\n]/)
      expect(line.length).toBeLessThan(2000)
    }
  })
})

describe('the key-encryption secret', () => {
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['31 characters long', 'x'.repeat(31)],
    ['an empty list', []],
    ['a list with a short one', ['x'.repeat(32), 'short']],
  ])('PV-13 %s is a TypeError', (_what, value) => {
    expect(() => signingKeys({ seal: value as never })).toThrow(TypeError)
  })

  it('PV-13 can be rotated: the new one first, the old one beside it', async () => {
    const { storage } = hookedStorage()
    const before = testServer({ storage, keys: signingKeys({ seal: 'o'.repeat(32) }) })
    const [old] = (await before.server.jwks()).keys
    const after = testServer({ storage, keys: signingKeys({ seal: ['n'.repeat(32), 'o'.repeat(32)] }) })
    expect((await after.server.jwks()).keys).toContainEqual(old)
    const wrong = testServer({ storage, keys: signingKeys({ seal: 'n'.repeat(32) }) })
    await expect(wrong.server.jwks()).rejects.toThrow()
  })
})
