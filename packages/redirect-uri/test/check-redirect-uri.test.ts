// RFC 7591 §5: https://www.rfc-editor.org/rfc/rfc7591.html#section-5
import { checkRedirectUri, type RedirectUriOptions, type RedirectUriProblem } from '@gatewright/redirect-uri'
import { describe, expect, it } from 'vitest'

function problemOf(uri: string, options?: RedirectUriOptions): RedirectUriProblem | undefined {
  const check = checkRedirectUri(uri, options)
  return check.ok ? undefined : check.reason
}

describe('checking a redirect URI at registration', () => {
  it.each([
    ['https://app.example.com/cb', 'https'],
    ['https://app.example.com/', 'https'],
    ['https://app.example.com:8443/cb?tenant=1&x=a%20b', 'https'],
    ['https://xn--exmple-cua.com/c%C3%A9', 'https'],
    ['https://app.example.com/@user/cb', 'https'],
    ['https://app.example.com/x://y@z', 'https'],
    ['https://192.0.2.1/cb', 'https'],
    ['http://127.0.0.1/callback', 'loopback'],
    ['http://127.0.0.1:3000/callback?a=1', 'loopback'],
    ['http://127.0.0.1:80/callback', 'loopback'],
    ['http://[::1]:3000/callback', 'loopback'],
    ['http://localhost', 'loopback'],
    ['http://127.0.0.1:33418/', 'loopback'],
    ['com.example.app:/oauth2redirect', 'private-use'],
    ['com.example.app://host/cb', 'private-use'],
    ['com.googleusercontent.apps.123-abc:/oauth2redirect', 'private-use'],
  ])('accepts %s as %s', (uri, kind) => {
    expect(checkRedirectUri(uri)).toEqual({ ok: true, kind })
  })

  it('CR-08 calls https on the own machine loopback too, so that a web client can be refused it', () => {
    for (const host of ['localhost', 'app.localhost', 'localhost.', '127.0.0.1', '127.1.2.3', '[::1]'])
      expect(checkRedirectUri(`https://${host}/cb`), host).toEqual({ ok: true, kind: 'loopback' })
    for (const host of ['localhost.example', 'notlocalhost', '127.example.com', '128.0.0.1'])
      expect(checkRedirectUri(`https://${host}/cb`), host).toEqual({ ok: true, kind: 'https' })
  })

  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['data:text/html,<script>alert(1)</script>'],
    ['vbscript:x'],
    ['file:///etc/passwd'],
    ['JaVaScRiPt:x'],
    ['blob:https://app.example.com/9115d58c'],
    ['about:blank'],
    ['urn:ietf:wg:oauth:2.0:oob'],
    ['view-source:https://app.example.com/'],
    ['intent://scan/#Intent;end'],
    ['mailto:evil@example.com'],
    ['wss://app.example.com/cb'],
  ])('CR-04 refuses the dangerous scheme of %s, whatever is allowed', (uri) => {
    const allowedSchemes = [uri.slice(0, uri.indexOf(':')).toLowerCase()]
    expect(problemOf(uri, { allowedSchemes })).toBe('dangerous_scheme')
  })

  it.each([
    [' javascript:x', 'forbidden_character'],
    ['java\tscript:x', 'forbidden_character'],
    ['\u0001javascript:x', 'forbidden_character'],
    ['javascript%3Aalert(1)', 'not_absolute'],
  ])('CR-04 refuses the disguised scheme of %j as %s', (uri, reason) => {
    expect(problemOf(uri)).toBe(reason)
  })

  it.each([
    ['https://a.example/cb#f', 'fragment'],
    ['https://a.example/cb#', 'fragment'],
    ['https://u@a.example/cb', 'userinfo'],
    ['https://u:p@a.example/cb', 'userinfo'],
    ['https://@a.example/cb', 'userinfo'],
    ['http://127.0.0.1:80@evil.example/cb', 'userinfo'],
    ['com.example.app://u@host/cb', 'userinfo'],
    ['https://*.a.example/cb', 'wildcard_not_allowed'],
    ['http://127.0.0.1:*/callback', 'wildcard_not_allowed'],
    ['/cb', 'not_absolute'],
    ['//a.example/cb', 'not_absolute'],
    ['a.example/cb', 'not_absolute'],
    ['', 'not_absolute'],
  ])('CR-06 refuses %s as %s', (uri, reason) => {
    expect(problemOf(uri)).toBe(reason)
  })

  it('CR-07 tells a private-use scheme that is only not allowed yet from a dangerous one', () => {
    const uri = 'cursor://anysphere.cursor-mcp/oauth/callback'
    expect(problemOf(uri)).toBe('scheme_not_allowed')
    expect(problemOf('x:/cb')).toBe('scheme_not_allowed')
    expect(problemOf('app.:/cb')).toBe('scheme_not_allowed')
    expect(checkRedirectUri(uri, { allowedSchemes: ['cursor'] })).toEqual({ ok: true, kind: 'private-use' })
  })

  it('CR-07 says of a scheme that it is not allowed only when nothing else is wrong with the URI', () => {
    for (const tail of ['#f', '\\', '/a/../b', '/*', '"'])
      expect(problemOf(`cursor://host${tail}`), tail).not.toBe('scheme_not_allowed')
    expect(problemOf('cursor://u@host/cb')).toBe('userinfo')
  })

  it('an allow-list entry never makes http or https more than they are', () => {
    const allowedSchemes = ['http', 'https', 'http:']
    expect(problemOf('http://app.example.com/cb', { allowedSchemes })).toBe('http_not_loopback')
    expect(problemOf('HTTPS://app.example.com/cb', { allowedSchemes })).toBe('not_canonical')
  })

  it('CR-09 refuses what is longer than 2048 bytes', () => {
    const longest = `https://app.example.com/${'a'.repeat(2048 - 24)}`
    expect(longest).toHaveLength(2048)
    expect(problemOf(longest)).toBeUndefined()
    expect(problemOf(`${longest}a`)).toBe('too_long')
  })

  it.each([
    ['http://app.example.com/cb'],
    ['http://127.0.0.2/cb'],
    ['http://0.0.0.0/cb'],
    ['http://localhost.evil.example/cb'],
    ['http://localhost./cb'],
    ['http://[::ffff:7f00:1]/cb'],
  ])('refuses http off the three loopback hosts: %s', (uri) => {
    expect(problemOf(uri)).toBe('http_not_loopback')
  })

  it.each([
    ['https://APP.example.com/cb'],
    ['HTTPS://app.example.com/cb'],
    ['https://app.example.com'],
    ['https://app.example.com?x'],
    ['https://app.example.com:443/cb'],
    ['https://app.example.com:/cb'],
    ['https://app.example.com:0443/cb'],
    ['https://app.example.com:65536/cb'],
    ['https://app.example.com/a/../cb'],
    ['https://app.example.com/a/./cb'],
    ['https://app.example.com/%2e%2e/cb'],
    ['https:/app.example.com/cb'],
    ['https:app.example.com/cb'],
    ['https:///app.example.com/cb'],
    ['https://exa%6dple.com/cb'],
    ['https://2130706433/cb'],
    ['https://[0:0:0:0:0:0:0:1]/cb'],
    ['https:///'],
    ['https://a b'.replace(' ', '%20')],
    ['http://2130706433/cb'],
    ['HTTP://localhost/cb'],
    ['http://localhost?x'],
    ['http://127.0.0.1/a/../cb'],
    ['http://127.0.0.1/a/..'],
    ['http://127.0.0.1:3000/.'],
    ['http://localhost/a/%2e%2e'],
    ['COM.EXAMPLE.APP:/cb'],
    ['com.example.app:/a/../cb'],
  ])('refuses what a URL parser would rewrite: %s', (uri) => {
    expect(problemOf(uri)).toBe('not_canonical')
  })

  it('refuses every character that a URI must percent-encode', () => {
    for (const character of [
      '%',
      '%2',
      '%g0',
      ...Array.from('"<>\\^`{|} \t\r\n\u0000\u007f\u00e9\u3002\uff45\u2028'),
    ])
      expect(problemOf(`https://app.example.com/c${character}`), JSON.stringify(character)).toBe(
        'forbidden_character',
      )
    expect(problemOf('https://ex\u00e4mple.com/cb')).toBe('forbidden_character')
  })

  it('refuses a loopback port that is no port', () => {
    for (const port of ['0', '08080', '65536', '', '1e3', '80a', '**', '*1'])
      expect(problemOf(`http://127.0.0.1:${port}/cb`, { wildcardPort: true }), port).toBe('invalid_port')
  })

  it('accepts a wildcard as port only on loopback and only when switched on', () => {
    const options = { wildcardPort: true }
    for (const uri of ['http://127.0.0.1:*/cb', 'http://[::1]:*/cb', 'http://localhost:*'])
      expect(checkRedirectUri(uri, options), uri).toEqual({ ok: true, kind: 'loopback' })
    for (const uri of ['https://localhost:*/cb', 'http://app.example.com:*/cb', 'https://*.a.example.com/cb'])
      expect(problemOf(uri, options), uri).toBe('wildcard_not_allowed')
  })

  it('RU-79 refuses a wildcard in path, query, scheme or a part of a label, whatever is switched on', () => {
    const options = { wildcardPort: true, wildcardSubdomains: true, anyLoopbackPort: true }
    for (const uri of [
      'http://127.0.0.1:*/*',
      'http://127.0.0.1/*',
      'https://app.example.com/*',
      'https://app.example.com/cb?*',
      'https://pr-*.preview.example.com/cb',
      'https://*preview.example.com/cb',
      'https://a.*.example.com/cb',
      'https://*.*.example.com/cb',
      'com.example.app:/*',
    ])
      expect(problemOf(uri, options), uri).toBe('wildcard_not_allowed')
  })

  it('accepts a wildcard as first label only for https, above two labels, and when switched on', () => {
    const options = { wildcardSubdomains: true }
    expect(checkRedirectUri('https://*.preview.example.com/cb', options)).toEqual({ ok: true, kind: 'https' })
    expect(checkRedirectUri('https://*.example.com/cb', options)).toEqual({ ok: true, kind: 'https' })
    for (const uri of [
      'https://*/cb',
      'https://*.com/cb',
      'https://*.com./cb',
      'https://*..com/cb',
      'https://*.localhost/cb',
      'https://app.example.com/https://*.example.com/cb',
      'http://*.example.com/cb',
      'http://127.0.0.1:*/cb',
    ])
      expect(problemOf(uri, options), uri).toBe('wildcard_not_allowed')
    expect(problemOf('https://*.0.0.1/cb', options)).toBe('not_canonical')
    expect(problemOf('https://*.Example.com/cb', options)).toBe('not_canonical')
    expect(problemOf('https://u@*.example.com/cb', options)).toBe('userinfo')
  })

  it('says what is wrong in one ASCII sentence that does not repeat the URI', () => {
    for (const uri of [
      '',
      '/cb',
      'https://SECRET.example/',
      'http://secret.example/',
      'javascript:secret',
      's:secret',
    ]) {
      const check = checkRedirectUri(uri)
      expect(check).toMatchObject({ ok: false, message: expect.stringMatching(/^The [\u0020-\u007e]+\.$/) })
      expect(JSON.stringify(check)).not.toMatch(/secret/i)
    }
    expect(checkRedirectUri('http://app.example.com/cb')).toMatchObject({
      message: 'The redirect URI is refused: http not loopback (http is for 127.0.0.1, [::1] and localhost).',
    })
  })
})
