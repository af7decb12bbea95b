// RFC 7636: https://www.rfc-editor.org/rfc/rfc7636.html
import { describe, expect, it } from 'vitest'
import { createCodeVerifier } from '@gatewright/pkce'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, claimsOf, logIn, obtainCode, post } from '../support/flow.ts'
import { testServer } from '../support/test-server.ts'

const web = { client_id: 'web', redirect_uri: 'https://app.example.com/cb' }
const wiki = {
  client_id: 'confluence',
  redirect_uri: 'https://wiki.example.com/callback',
  code_challenge: undefined,
  code_challenge_method: undefined,
}
const without = { code_challenge: undefined, code_challenge_method: undefined }

function refused(overrides: Readonly<Record<string, string | undefined>>) {
  return authorize(createBrowser(testServer().server), overrides)
}

describe('the code challenge of an authorization request', () => {
  it('PK-02 every client must send one, public or confidential, verified or not', async () => {
    expectRedirectError(await refused(without), 'invalid_request')
    expectRedirectError(await refused({ ...web, ...without }), 'invalid_request', { to: web.redirect_uri })
    const nonce = { ...web, ...without, scope: 'openid', nonce: 'n-1' }
    expectRedirectError(await refused(nonce), 'invalid_request', { to: web.redirect_uri })
  })

  it('PK-03 plain is refused, named or implied', async () => {
    expectRedirectError(await refused({ code_challenge_method: 'plain' }), 'invalid_request')
    expectRedirectError(await refused({ code_challenge_method: undefined }), 'invalid_request')
  })

  it('PK-05 a method that is not exactly S256 is refused', async () => {
    for (const method of ['S512', 's256', 'S256 ', ' S256', '', 'PLAIN', 'none', 'S256,plain'])
      expectRedirectError(await refused({ code_challenge_method: method }), 'invalid_request')
  })

  it('PK-05 a method without a challenge is refused', async () => {
    expectRedirectError(await refused({ code_challenge: undefined }), 'invalid_request')
    expectRedirectError(await refused({ code_challenge: '' }), 'invalid_request')
  })

  it('PK-06 a challenge that S256 cannot have made is refused', async () => {
    const base = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    const wrong = [
      base.slice(1),
      `${base}a`,
      base.repeat(3).slice(0, 128),
      base.replace('-', '+'),
      base.replace('-', '/'),
      `${base.slice(1)}=`,
      `${base}=`,
      `${base.slice(1)} `,
      `${base}\n`,
      base.replace('E', 'é'),
    ]
    for (const challenge of wrong)
      expectRedirectError(await refused({ code_challenge: challenge }), 'invalid_request')
    expectForm(await refused({ code_challenge: base }), 'login')
  })
})

describe('a client that may send a nonce instead', () => {
  it('PK-02 must send openid and nonce when it sends no challenge', async () => {
    const to = { to: wiki.redirect_uri }
    expectRedirectError(await refused({ ...wiki, scope: 'openid' }), 'invalid_request', to)
    expectRedirectError(await refused({ ...wiki, nonce: 'n-1' }), 'invalid_request', to)
    expectRedirectError(await refused({ ...wiki, scope: 'openid', nonce: '' }), 'invalid_request', to)
    expectForm(await refused({ ...wiki, scope: 'openid', nonce: 'n-1' }), 'login')
  })

  it('PK-02 may not send plain instead', async () => {
    const plain = { code_challenge: createCodeVerifier(), code_challenge_method: 'plain' }
    const request = { ...wiki, ...plain, scope: 'openid', nonce: 'n-1' }
    expectRedirectError(await refused(request), 'invalid_request', { to: wiki.redirect_uri })
  })

  it('PK-02 gets no code when the user leaves out openid: nothing would carry the nonce', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    const request = { ...wiki, scope: 'openid read:application', nonce: 'n-1' }
    const consent = await logIn(browser, (await authorize(browser, request)).body)
    const landing = await approve(browser, consent.body, ['read:application'])
    expectRedirectError(landing, 'access_denied', { to: wiki.redirect_uri })
  })

  it('AC-20 its ID token carries the nonce exactly, and one that is too long is refused', async () => {
    const test = testServer()
    const nonce = `n-${'x'.repeat(1022)}`
    const { code } = await obtainCode(test, { ...wiki, scope: 'openid', nonce })
    const basic = { basic: 'confluence:confluence-secret' }
    const parameters = { grant_type: 'authorization_code', code, redirect_uri: wiki.redirect_uri }
    const { json } = await post(test, '/token', parameters, basic)
    expect(claimsOf(json.id_token).nonce).toBe(nonce)
    const longer = { ...wiki, scope: 'openid', nonce: `${nonce}x` }
    expectRedirectError(await refused(longer), 'invalid_request', { to: wiki.redirect_uri })
  })
})
