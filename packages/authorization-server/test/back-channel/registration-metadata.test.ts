// RFC 7591 §2: https://www.rfc-editor.org/rfc/rfc7591.html#section-2
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { authorize, post } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { testServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

async function verdict(body: unknown) {
  const { status, json } = await register(testServer(), body)
  return [status, json.error]
}

describe('the redirect URIs of a registration', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'JaVaScRiPt:x',
    ' javascript:x',
    'java\tscript:x',
    'blob:https://a.example/1',
    'about:blank',
  ])('CR-04 "%s" is refused', async (uri) => {
    expect(await verdict({ redirect_uris: [uri] })).toEqual([400, 'invalid_redirect_uri'])
    expect(await verdict({ redirect_uris: ['https://app.example.com/cb', uri] })).toEqual([
      400,
      'invalid_redirect_uri',
    ])
  })

  it.each([
    'https://a.example/cb#f',
    'https://a.example/cb#',
    'https://u@a.example/cb',
    'https://*.a.example/cb',
    'http://127.0.0.1:*/callback',
    'http://a.example/cb',
    'https://a.example\\cb',
    '/cb',
    '',
  ])('CR-06 "%s" is refused: wildcards are for operators, the rest for nobody', async (uri) => {
    expect(await verdict({ redirect_uris: [uri] })).toEqual([400, 'invalid_redirect_uri'])
  })

  it('CR-07 a private-use scheme beside usable ones is stored, and unusable until the operator allows it', async () => {
    const test = testServer()
    const cursor = 'cursor://anysphere.cursor-mcp/oauth/callback'
    const uris = [
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
      cursor,
    ]
    const { status, json } = await register(test, { ...nativeClient, redirect_uris: uris })
    expect([status, json.redirect_uris]).toEqual([201, uris])
    const browser = createBrowser(test.server)
    const refused = await authorize(browser, { client_id: json.client_id, redirect_uri: cursor })
    expect([refused.response.status, refused.location]).toEqual([400, undefined])
    expect(
      (await authorize(browser, { client_id: json.client_id, redirect_uri: uris[1] })).response.status,
    ).toBe(200)
  })

  it('CR-08 a web application has no loopback URI; one that says nothing or native may', async () => {
    expect(await verdict({ ...nativeClient, application_type: 'web' })).toEqual([400, 'invalid_redirect_uri'])
    expect(await verdict({ ...nativeClient, application_type: 'native' })).toEqual([201, undefined])
    expect(await verdict(nativeClient)).toEqual([201, undefined])
    expect(await verdict({ ...nativeClient, application_type: 'robot' })).toEqual([
      400,
      'invalid_client_metadata',
    ])
  })

  it.each([
    ['11 of them', Array.from({ length: 11 }, (_, index) => `https://app.example.com/${index}`)],
    ['one of 2,049 bytes', [`https://app.example.com/${'x'.repeat(2025)}`]],
    ['none', []],
    ['a missing list', undefined],
  ])('CR-09 %s is refused', async (_what, uris) => {
    expect(await verdict({ redirect_uris: uris })).toEqual([400, 'invalid_redirect_uri'])
  })

  it.each([
    ['a string', 'https://app.example.com/cb'],
    ['an object', {}],
    ['numbers', [1]],
    ['null inside', [null]],
  ])('CR-09 %s instead of a list of strings is refused', async (_what, uris) => {
    expect(await verdict({ redirect_uris: uris })).toEqual([400, 'invalid_client_metadata'])
  })
})

describe('the rest of the metadata', () => {
  const links = ['logo_uri', 'client_uri', 'tos_uri', 'policy_uri', 'jwks_uri']
  it.each(
    links.flatMap((name) => [
      [name, 'javascript:alert(1)'],
      [name, 'data:text/html,x'],
      [name, ' javascript:x'],
      [name, 'https://a.example/x#fr'],
      [name, '//a.example/x'],
      [name, 'https://a.example/"><script>'.padEnd(2049, 'x')],
    ]),
  )('CR-11 %s "%s" is refused', async (name, value) => {
    expect(await verdict({ ...nativeClient, [name]: value })).toEqual([400, 'invalid_client_metadata'])
  })

  it.each([
    ['jwks and jwks_uri', { jwks: { keys: [] }, jwks_uri: 'https://a.example/jwks' }],
    ['a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] } }],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'k' }] } }],
    ['a key set that is none', { jwks: 'keys' }],
  ])('CR-12 %s are refused', async (_what, keys) => {
    expect(await verdict({ ...nativeClient, ...keys })).toEqual([400, 'invalid_client_metadata'])
  })

  it.each(['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange', 'password', 'implicit'])(
    'CR-14 the grant type %s alone is refused, and beside the code grant it is dropped',
    async (grantType) => {
      expect(await verdict({ ...nativeClient, grant_types: [grantType] })).toEqual([
        400,
        'invalid_client_metadata',
      ])
      const test = testServer()
      const wanted = ['authorization_code', grantType, 'refresh_token']
      const { json } = await register(test, { redirect_uris: ['https://a.example/cb'], grant_types: wanted })
      expect(json.grant_types).toEqual(['authorization_code', 'refresh_token'])
      const basic = `${json.client_id}:${json.client_secret}`
      const minted = await post(
        test,
        '/token',
        { grant_type: grantType, scope: 'admin:application' },
        { basic },
      )
      expect([minted.status, minted.json.error]).toEqual([400, 'unsupported_grant_type'])
    },
  )

  it.each([
    ['[]', 400],
    ['null', 400],
    ['"x"', 400],
    ['7', 400],
    ['{', 400],
    ['', 400],
    ['['.repeat(10_000) + ']'.repeat(10_000), 400],
    [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400],
    [JSON.stringify({ ...nativeClient, x: 'x'.repeat(65_537 - 102) }).padEnd(65_537), 413],
    [`{"jwks":{"keys":[{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}]}}`, 400],
  ])('CR-18 the body %.20s… is refused', async (body, status) => {
    const answer = await register(testServer(), body)
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatch(/^invalid_/)
  })

  it('CR-18 a body that is too large is refused without its length being declared', async () => {
    const chunk = new TextEncoder().encode(' '.repeat(16_384))
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length
        controller.enqueue(chunk)
      },
    })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    const response = await testServer().server.handle(new Request('https://auth.example.com/register', init))
    expect(response?.status).toBe(413)
    expect(sent).toBeLessThan(128 * 1024)
  })

  it.each(['eyJhbGciOiJub25lIn0.e30.', 'x', '{}'])(
    'CR-19 a software statement (%s) is refused, not ignored',
    async (statement) => {
      const [status, error] = await verdict({ ...nativeClient, software_statement: statement })
      expect(status).toBe(400)
      expect(['invalid_software_statement', 'unapproved_software_statement']).toContain(error)
    },
  )

  it('a name cannot hide or reverse what the consent page says', async () => {
    const { json } = await register(testServer(), {
      ...nativeClient,
      client_name: '\u202egro.live\u0000\u200b Claude\u2028',
    })
    expect(json.client_name).toBe('gro.live Claude')
  })

  it('a refusal is reported, and nothing is stored', async () => {
    const test = testServer()
    await register(test, { redirect_uris: ['javascript:alert(1)'] })
    expect(eventsOf(test, 'client.registration_refused')).toMatchObject([
      { ip: '192.0.2.1', reason: 'invalid_redirect_uri' },
    ])
    expect(eventsOf(test, 'client.registered')).toEqual([])
  })
})
