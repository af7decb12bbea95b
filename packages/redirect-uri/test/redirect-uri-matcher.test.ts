// RFC 9700 §2.1: https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1
// RFC 8252 §7.3: https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3
import { createRedirectUriMatcher, matchRedirectUri, type RedirectUriOptions } from '@gatewright/redirect-uri'
import { describe, expect, it } from 'vitest'
import pairs from './vectors/redirect-pairs.json' with { type: 'json' }

const native: RedirectUriOptions = { anyLoopbackPort: true, wildcardPort: true }

function accepts(registered: readonly string[], presented: string, options?: RedirectUriOptions): boolean {
  return matchRedirectUri(presented, registered, options).matched
}

describe('the table of registered and presented pairs, for a native client of an operator', () => {
  for (const { id, registered, presented, verdict, why } of pairs) {
    it(`${id} ${verdict === 'A' ? 'accepts' : 'refuses'}: ${why}`, () => {
      expect(accepts([registered], presented, native)).toBe(verdict === 'A')
    })
  }

  it('refuses every pair that needs more than string equality when nothing is switched on', () => {
    const accepted = pairs.filter(({ registered, presented }) => accepts([registered], presented))
    expect(accepted.map(({ id }) => id)).toEqual(['RU-01', 'RU-11', 'RU-103'])
  })

  it('gives the same verdicts when all entries of the table belong to one client', () => {
    const matcher = createRedirectUriMatcher(
      pairs.map(({ registered }) => registered),
      native,
    )
    const wrong = pairs.filter(
      ({ presented, verdict }) => verdict === 'A' && !matcher.match(presented).matched,
    )
    expect(wrong).toEqual([])
  })
})

describe('a match', () => {
  it('carries the presented URI, the entry that it matched and the rule', () => {
    const matcher = createRedirectUriMatcher(
      ['https://app.example.com/cb', 'http://127.0.0.1:3000/cb', 'http://localhost:*/cb'],
      native,
    )
    expect(matcher.match('https://app.example.com/cb')).toEqual({
      matched: true,
      redirectUri: 'https://app.example.com/cb',
      registered: 'https://app.example.com/cb',
      rule: 'exact',
    })
    expect(matcher.match('http://127.0.0.1:51004/cb')).toEqual({
      matched: true,
      redirectUri: 'http://127.0.0.1:51004/cb',
      registered: 'http://127.0.0.1:3000/cb',
      rule: 'loopback-port',
    })
    expect(matcher.match('http://localhost:51004/cb')).toMatchObject({
      registered: 'http://localhost:*/cb',
      rule: 'port-wildcard',
    })
  })

  it('is by string equality wherever that holds, also on loopback', () => {
    expect(matchRedirectUri('http://127.0.0.1:3000/cb', ['http://127.0.0.1:3000/cb'], native)).toMatchObject({
      rule: 'exact',
    })
  })

  it('is judged by the list and the options as they were when the matcher was made', () => {
    const registered = ['https://app.example.com/cb']
    const options = { wildcardSubdomains: false }
    const matcher = createRedirectUriMatcher(registered, options)
    registered.push('https://evil.example/cb')
    options.wildcardSubdomains = true
    expect(matcher.match('https://evil.example/cb').matched).toBe(false)
  })
})

describe('the port of a loopback URI', () => {
  it('is fixed for a client that is not native', () => {
    expect(accepts(['http://127.0.0.1:3000/cb'], 'http://127.0.0.1:3000/cb')).toBe(true)
    expect(accepts(['http://127.0.0.1:3000/cb'], 'http://127.0.0.1:3001/cb')).toBe(false)
    expect(accepts(['http://127.0.0.1/cb'], 'http://127.0.0.1:80/cb')).toBe(false)
  })

  it('is free for a client that is not native only where the operator wrote a wildcard', () => {
    const registered = ['http://127.0.0.1:*/cb', 'http://localhost:3000/cb']
    expect(accepts(registered, 'http://127.0.0.1:9/cb', { wildcardPort: true })).toBe(true)
    expect(accepts(registered, 'http://localhost:9/cb', { wildcardPort: true })).toBe(false)
    expect(accepts(registered, 'http://127.0.0.1:9/cb', { anyLoopbackPort: true })).toBe(false)
  })

  it('can be kept fixed for the name localhost, except where the operator wrote a wildcard', () => {
    const options = { ...native, localhostAnyPort: false }
    expect(accepts(['http://localhost/cb'], 'http://localhost:9/cb', options)).toBe(false)
    expect(accepts(['http://127.0.0.1/cb'], 'http://127.0.0.1:9/cb', options)).toBe(true)
    expect(accepts(['http://[::1]/cb'], 'http://[::1]:9/cb', options)).toBe(true)
    expect(accepts(['http://localhost:*/cb'], 'http://localhost:9/cb', options)).toBe(true)
  })

  it('is never free with https, even on a loopback host', () => {
    expect(accepts(['https://localhost/cb'], 'https://localhost:8443/cb', native)).toBe(false)
    expect(accepts(['https://127.0.0.1/cb'], 'https://127.0.0.1:8443/cb', native)).toBe(false)
  })

  it('must be written as a port: no sign, exponent, letter, blank or empty text', () => {
    for (const port of ['', '+80', '-1', '1e3', '8o', '0x50', '99999', '123456', '*', ' 80', '80 '])
      expect(accepts(['http://127.0.0.1/cb'], `http://127.0.0.1:${port}/cb`, native), port).toBe(false)
    for (const port of ['1', '80', '9999', '65535'])
      expect(accepts(['http://127.0.0.1/cb'], `http://127.0.0.1:${port}/cb`, native), port).toBe(true)
  })

  it('CR-09 cannot make the URI longer than 2048 bytes', () => {
    const entry = `http://127.0.0.1/${'a'.repeat(2048 - 20)}`
    expect(accepts([entry], entry.replace('.1/', '.1:99/'), native)).toBe(true)
    expect(accepts([entry], entry.replace('.1/', '.1:999/'), native)).toBe(false)
  })

  it('is free for a URI without path, which is still not the URI with the path /', () => {
    expect(accepts(['http://127.0.0.1'], 'http://127.0.0.1:9', native)).toBe(true)
    expect(accepts(['http://127.0.0.1'], 'http://127.0.0.1:9/', native)).toBe(false)
    expect(accepts(['http://127.0.0.1/'], 'http://127.0.0.1:33418/', native)).toBe(true)
  })
})

describe('a wildcard for the first label of a host', () => {
  const registered = ['https://*.preview.example.com/cb', 'https://*.x.example:8443/cb?a=1']
  const options = { wildcardSubdomains: true }

  it('matches one label, with path, query and port equal', () => {
    expect(matchRedirectUri('https://pr-7.preview.example.com/cb', registered, options)).toMatchObject({
      registered: 'https://*.preview.example.com/cb',
      rule: 'subdomain-wildcard',
    })
    expect(accepts(registered, 'https://b.x.example:8443/cb?a=1', options)).toBe(true)
    for (const presented of [
      'https://b.x.example/cb?a=1',
      'https://b.x.example:8443/cb',
      'https://b.x.example:8443/cb?a=1&b=2',
      'https://pr-7.preview.example.com/cb/',
      'https://pr-7.preview.example.com:443/cb',
      'http://pr-7.preview.example.com/cb',
    ])
      expect(accepts(registered, presented, options), presented).toBe(false)
  })

  it('RU-81 is one DNS label even when it is switched on', () => {
    expect(accepts(registered, 'https://a.b.preview.example.com/cb', options)).toBe(false)
    expect(accepts(registered, 'https://preview.example.com/cb', options)).toBe(false)
    expect(accepts(registered, 'https://.preview.example.com/cb', options)).toBe(false)
  })

  it('RU-82 cannot be satisfied from the path, the user name or the query of another host', () => {
    for (const presented of [
      'https://evil.example/.preview.example.com/cb',
      'https://evil.example?.preview.example.com/cb',
      'https://evil.example\\.preview.example.com/cb',
      'https://evil@x.preview.example.com/cb',
      'https://evil:x.preview.example.com/cb',
      'https://evil%2f.preview.example.com/cb',
    ])
      expect(accepts(registered, presented, options), presented).toBe(false)
  })

  it('takes only lower-case ASCII labels of at most 63 characters, and no punycode', () => {
    for (const label of ['A', '-a', 'a-', '*', 'a_b', 'xn--a', 'ab--c', '\uFF41', '%61', 'a'.repeat(64)])
      expect(accepts(registered, `https://${label}.preview.example.com/cb`, options), label).toBe(false)
    for (const label of ['a', '7', 'a-b', 'a--b', 'a'.repeat(63)])
      expect(accepts(registered, `https://${label}.preview.example.com/cb`, options), label).toBe(true)
  })
})

describe('an entry that fails the check at registration', () => {
  it.each([
    ['https://app.example.com/cb#f'],
    ['https://user@app.example.com/cb'],
    ['https://APP.example.com/cb'],
    ['https://app.example.com:443/cb'],
    ['https://app.example.com/a/../cb'],
    ['https://app.example.com'],
    ['http://127.0.0.1:0/cb'],
    ['http://127.0.0.1:08080/cb'],
    ['http://127.0.0.2/cb'],
    ['http://127.0.0.1:*/cb'],
    ['https://*.preview.example.com/cb'],
    ['data:text/html,x'],
    ['/cb'],
    ['cb'],
    [' '],
    [''],
    [`https://app.example.com/${'a'.repeat(2048)}`],
  ])('never matches, not even itself: %s', (entry) => {
    expect(accepts([entry], entry, { anyLoopbackPort: true })).toBe(false)
  })

  it('CR-07 a stored private-use scheme matches nothing until it is allow-listed', () => {
    const uri = 'cursor://anysphere.cursor-mcp/oauth/callback'
    expect(accepts([uri], uri)).toBe(false)
    expect(accepts([uri], uri, { allowedSchemes: ['vscode'] })).toBe(false)
    expect(accepts([uri], uri, { allowedSchemes: ['cursor'] })).toBe(true)
  })

  it('leaves the other entries alone', () => {
    expect(
      accepts(['javascript:alert(1)', '', 'https://app.example.com/cb'], 'https://app.example.com/cb'),
    ).toBe(true)
  })

  it('a wildcard entry does not match the text that it is written with', () => {
    expect(accepts(['http://127.0.0.1:*/cb'], 'http://127.0.0.1:*/cb', native)).toBe(false)
    const subdomain = 'https://*.preview.example.com/cb'
    expect(accepts([subdomain], subdomain, { wildcardSubdomains: true })).toBe(false)
  })
})
