// RFC 6749 §3.1: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { authorizationParameters, authorize, authorizeUrl, obtainCode, redeem } from '../support/flow.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'

async function refused(overrides: Readonly<Record<string, string | undefined>>) {
  return authorize(createBrowser(testServer().server), overrides)
}

async function sendRaw(raw: string, overrides: Readonly<Record<string, string | undefined>> = {}) {
  const { query } = await authorizationParameters(overrides)
  return createBrowser(testServer().server).send(authorizeUrl(`${query}&${raw}`))
}

describe('repeated, empty and unknown parameters', () => {
  it('AZ-08 a repeated parameter is refused by redirect, with state and iss', async () => {
    for (const raw of ['scope=openid', 'response_type=code', 'code_challenge=x', 'nonce=a&nonce=b', 'scope='])
      expectRedirectError(await sendRaw(raw), 'invalid_request')
  })

  it('AZ-09 a repeated state is refused by redirect without any state', async () => {
    expectRedirectError(await sendRaw('state=other'), 'invalid_request', { state: false })
    expectRedirectError(await sendRaw('state=state-1'), 'invalid_request', { state: false })
  })

  it('AZ-10 resource may be repeated', async () => {
    const landing = await sendRaw(`resource=${encodeURIComponent(otherResource)}`, { resource: mcp })
    expectForm(landing, 'login')
  })

  it('AZ-11 an empty parameter counts as omitted', async () => {
    const test = testServer()
    const { location, code, verifier } = await obtainCode(test, { scope: '', state: '', nonce: '' })
    expect(location?.searchParams.has('state')).toBe(false)
    const { json } = await redeem(test, { code, verifier })
    expect(json.scope).toBe('read:application write:application admin:application read:user')
  })

  it('AZ-38 unknown parameters are ignored', async () => {
    expectForm(await sendRaw('foo=1'), 'login')
    expectForm(await sendRaw('audience=x&audience=y&hasOwnProperty=1&__proto__=x'), 'login')
  })

  it('AZ-45 display, ui_locales and claims with hostile values change nothing', async () => {
    const before = Object.keys(Object.prototype)
    const claims = '{"userinfo":{"__proto__":{"polluted":true}}}'
    expectForm(await refused({ display: '../../x', ui_locales: '../../etc/passwd', claims }), 'login')
    expect(Object.keys(Object.prototype)).toEqual(before)
    expect('polluted' in {}).toBe(false)
  })

  it('HT-06 names of prototype members are ordinary unknown parameters', async () => {
    const test = testServer()
    const { query } = await authorizationParameters()
    const hostile = '__proto__=x&constructor%5Bprototype%5D%5By%5D=z&hasOwnProperty=1'
    const browser = createBrowser(test.server)
    expectForm(await browser.send(authorizeUrl(`${hostile}&${query}`)), 'login')
    expect((await obtainCode(test)).code).toBeTruthy()
  })
})

describe('response_type and response_mode', () => {
  it('AZ-13 everything but the code response type is refused, with nothing in the fragment', async () => {
    for (const responseType of ['token', 'id_token', 'code token', 'code id_token', 'none', 'CODE'])
      expectRedirectError(await refused({ response_type: responseType }), 'unsupported_response_type')
    expectRedirectError(await refused({ response_type: undefined }), 'invalid_request')
  })

  it('AZ-14 a client without the authorization code grant is refused', async () => {
    const test = testServer({
      clients: [
        registered({
          client_id: 'service',
          client_secret: 'service-secret',
          redirect_uris: ['https://app.example.com/cb'],
          grant_types: ['refresh_token'],
        }),
      ],
    })
    const landing = await authorize(createBrowser(test.server), {
      client_id: 'service',
      redirect_uri: 'https://app.example.com/cb',
    })
    expectRedirectError(landing, 'unauthorized_client', { to: 'https://app.example.com/cb' })
  })

  it('AZ-15 another response mode is refused in the query', async () => {
    for (const mode of ['fragment', 'web_message', 'form_post', 'query.jwt', 'xyz'])
      expectRedirectError(await refused({ response_mode: mode }), 'invalid_request')
    expectForm(await refused({ response_mode: 'query' }), 'login')
  })

  it('refuses request objects instead of ignoring them', async () => {
    expectRedirectError(await refused({ request: 'eyJhbGciOiJub25lIn0.e30.' }), 'request_not_supported')
    const uri = 'https://client.example/request.jwt'
    expectRedirectError(await refused({ request_uri: uri }), 'request_uri_not_supported')
  })
})

describe('the syntax of scope and state', () => {
  it('AZ-17 characters and separators outside the grammar are refused', async () => {
    const values = [
      'read:application "x"',
      'read:application \\',
      'read:application\twrite:application',
      'read:application\u00a0write:application',
      'read:application\u0000',
      'read:application  write:application',
      ' read:application',
      'read:application ',
      'read:application\nwrite:application',
      'é',
    ]
    for (const scope of [...values, '"x" read:application', '\\ read:application']) {
      const landing = await refused({ scope })
      expectRedirectError(landing, 'invalid_scope')
      expect(landing.location?.searchParams.get('error_description'), scope).toMatch(/not allowed$/)
    }
    // A comma may stand in a name, so this is one name, and there is none such.
    expectRedirectError(await refused({ scope: 'read:application,write:application' }), 'invalid_scope')
  })

  it('AZ-18 a scope of 4,097 bytes or of 101 names is refused', async () => {
    const expectRefused = async (scope: string, message: RegExp) => {
      const landing = await refused({ scope })
      expectRedirectError(landing, 'invalid_scope')
      expect(landing.location?.searchParams.get('error_description')).toMatch(message)
    }
    await expectRefused('x'.repeat(4097), /too long/)
    const names = Array.from({ length: 101 }, (_, index) => `s${index}`).join(' ')
    await expectRefused(names, /too many/)
  })

  it('AZ-19 state comes back as it was sent, whatever is in it', async () => {
    const states = [
      `a&b=c+d%20"<é世>${'x'.repeat(1024)}`,
      'a=b&code=stolen&iss=https://evil.example',
      '#fragment',
      ' leading and trailing ',
      '\r\nLocation: https://evil.example',
      '😀\u0000',
    ]
    for (const state of states) {
      expectRedirectError(await refused({ state, scope: 'unknown' }), 'invalid_scope', { state })
      const { location } = await obtainCode(testServer(), { state })
      expect(location?.searchParams.getAll('state')).toEqual([state])
      expect(location?.searchParams.getAll('code')).toHaveLength(1)
    }
  })
})
