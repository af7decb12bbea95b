// RFC 9700 §4.1.1: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.1
import { matchRedirectUri, type RedirectUriOptions } from '@gatewright/redirect-uri'
import { describe, expect, it } from 'vitest'

const native: RedirectUriOptions = { anyLoopbackPort: true, wildcardPort: true }

function accepts(registered: readonly string[], presented: string, options?: RedirectUriOptions): boolean {
  return matchRedirectUri(presented, registered, options).matched
}

describe('what other servers have accepted', () => {
  const registered = ['https://app.example.com/callback', 'https://a.example.com/callback']

  it.each([
    ['a loopback URI of a client that registered none', 'http://localhost:3000/callback'],
    ['a loopback address of a client that registered none', 'http://127.0.0.1:54321/callback'],
    ['https on localhost', 'https://localhost/callback'],
    ['a browser extension host', 'https://evil.chromiumapp.org/callback'],
    ['a subdomain of the registered host', 'https://deep.app.example.com/callback'],
    ['a sibling that ends like the registered host', 'https://evilapp.example.com/callback'],
    ['another host where the dot would be a regular expression', 'https://appXexample.com/callback'],
    ['the registered host embedded in another', 'https://app.example.com.evil.example/callback'],
    ['the registered URI embedded in a path', 'https://evil.example/https://app.example.com/callback'],
    ['the registered URI embedded in a query', 'https://evil.example/?u=https://app.example.com/callback'],
    ['another port', 'https://app.example.com:8443/callback'],
    ['http instead of https', 'http://app.example.com/callback'],
    ['a trailing slash', 'https://app.example.com/callback/'],
    ['a path below', 'https://app.example.com/callback/extra'],
    ['a path suffix that climbs out', 'https://app.example.com/callback/../evil'],
    ['a query that was not registered', 'https://app.example.com/callback?next=evil'],
    ['an empty query', 'https://app.example.com/callback?'],
    ['a fragment', 'https://app.example.com/callback#frag'],
    ['a host in upper case', 'https://APP.EXAMPLE.COM/callback'],
    ['a user name', 'https://user@app.example.com/callback'],
    ['the registered host as user name', 'https://app.example.com@evil.example/callback'],
    ['the registered host and a port as user name', 'https://app.example.com:443@evil.example/callback'],
    ['a backslash before an at sign', 'https://evil.example\\@app.example.com/callback'],
    ['a newline at the end', 'https://app.example.com/callback\n'],
    ['a second URI after a blank', 'https://app.example.com/callback https://evil.example/'],
    ['another script that looks alike', 'https://\u0430pp.example.com/callback'],
    ['nothing', ''],
  ])('refuses %s', (_, presented) => {
    expect(accepts(registered, presented, native)).toBe(false)
  })

  it.each([
    ['http://127.0.0.1:9/anything?x=1#frag'],
    ['http://a@localhost:1/callback'],
    ['http://127.0.0.1.evil.example/callback'],
    ['http://localhost@evil.example/callback'],
    ['http://127.1:9/callback'],
    ['http://127.0.0.1:9\\@evil.example/callback'],
    ['http://127.0.0.1:9#@evil.example/callback'],
    ['http://127.0.0.1:9?@evil.example/callback'],
    ['http://127.0.0.1:9/callback\n'],
    ['http://localhost%2eevil.example:9/callback'],
    ['https://127.0.0.1:9/callback'],
  ])('refuses %s for a native client with loopback entries', (presented) => {
    const loopback = ['http://127.0.0.1/callback', 'http://localhost/callback', 'http://[::1]/callback']
    expect(accepts(loopback, presented, native)).toBe(false)
  })

  it('reads no entry as regular expression, glob, prefix or bare host name', () => {
    for (const entry of [
      'https://.*',
      '.*',
      '*',
      'https://**',
      'app.example.com',
      'https://app.example.com/*',
      '^.*$',
    ])
      expect(
        accepts([entry], 'https://app.example.com/callback', { ...native, wildcardSubdomains: true }),
      ).toBe(false)
  })

  it('an empty list, or one with blank entries, refuses everything', () => {
    for (const list of [[], [''], ['', ' ']])
      for (const presented of ['', ' ', 'https://app.example.com/callback', 'http://127.0.0.1/callback'])
        expect(accepts(list, presented, native)).toBe(false)
  })
})
