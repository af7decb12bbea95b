import { describe, expect, test } from 'vitest'
import { canonicalResource, checkOriginUrl, isLoopbackHostname } from '@gatewright/core'

test.each(['127.0.0.1', '[::1]', 'localhost'])('%s is this machine', (hostname) => {
  expect(isLoopbackHostname(hostname)).toBe(true)
})

test.each(['127.0.0.2', '::1', 'localhost.example.com', 'a.localhost', 'LOCALHOST', '0.0.0.0', ''])(
  '%j is not taken for this machine',
  (hostname) => {
    expect(isLoopbackHostname(hostname)).toBe(false)
  },
)

// RFC 8414 §2: https://www.rfc-editor.org/rfc/rfc8414.html#section-2
describe('a configured URL', () => {
  test.each([
    'https://auth.example.com',
    'https://auth.example.com/',
    'https://auth.example.com:8443/tenant/a',
    'http://127.0.0.1:3000',
    'http://[::1]:3000/mcp',
    'http://localhost',
  ])('%s is accepted', (value) => {
    expect(checkOriginUrl(value, 'issuer').href).toBe(new URL(value).href)
  })

  test.each([
    ['is relative', '/mcp'],
    ['is empty', ''],
    ['is http on another host', 'http://auth.example.com'],
    ['is http on another loopback address', 'http://127.0.0.2'],
    ['has another scheme', 'ftp://auth.example.com'],
    ['has a user', 'https://user@auth.example.com'],
    ['has a password', 'https://:secret@auth.example.com'],
    ['has an empty user', 'https://@auth.example.com'],
    ['has a query', 'https://auth.example.com/?a=b'],
    ['has an empty query', 'https://auth.example.com/?'],
    ['has a fragment', 'https://auth.example.com/#a'],
    ['has an empty fragment', 'https://auth.example.com/#'],
    // The URL parser repairs these, so that the text and what it means would differ.
    ['lacks its slashes', 'https:auth.example.com'],
    ['has backslashes', 'https:\\\\auth.example.com'],
    ['has a backslash in its path', 'https://auth.example.com\\mcp'],
    ['has a blank before it', ' https://auth.example.com'],
    ['has a line break after it', 'https://auth.example.com\n'],
    ['has a tab inside', 'https://auth.exa\tmple.com'],
    ['is too long', `https://auth.example.com/${'x'.repeat(2048)}`],
  ])('that %s is refused', (_, value) => {
    expect(() => checkOriginUrl(value, 'issuer')).toThrow(TypeError)
    expect(() => checkOriginUrl(value, 'issuer')).toThrow(/^issuer must/)
  })
})

// RFC 8707 §2: https://www.rfc-editor.org/rfc/rfc8707.html#section-2
describe('resource identifiers', () => {
  test.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['HTTPS://API.Example.COM/MCP', 'https://api.example.com/MCP'],
    ['https://api.example.com:443/mcp', 'https://api.example.com/mcp'],
    ['http://localhost:80/mcp', 'http://localhost/mcp'],
    ['https://api.example.com:8443/mcp', 'https://api.example.com:8443/mcp'],
    ['https://api.example.com/mcp/', 'https://api.example.com/mcp/'],
    ['https://api.example.com/a/../b', 'https://api.example.com/a/../b'],
    ['https://api.example.com/%6Dcp', 'https://api.example.com/%6Dcp'],
    ['https://api.example.com/mcp?tenant=a', 'https://api.example.com/mcp?tenant=a'],
    ['https://api.example.com?tenant=a', 'https://api.example.com?tenant=a'],
    ['http://[::1]:3000/mcp', 'http://[::1]:3000/mcp'],
  ])('%s is compared as %s', (value, canonical) => {
    expect(canonicalResource(value)).toBe(canonical)
  })

  test.each([
    ['relative', '/mcp'],
    ['empty', ''],
    ['of another scheme', 'urn:example:api'],
    ['with a fragment', 'https://api.example.com/mcp#a'],
    ['with an empty fragment', 'https://api.example.com/mcp#'],
    ['with a user', 'https://user@api.example.com/mcp'],
    ['with an empty user', 'https://@api.example.com/mcp'],
    ['with an empty user and password', 'https://:@api.example.com/mcp'],
    ['without a host', 'https:///mcp'],
    ['without slashes', 'https:api.example.com/mcp'],
    ['with a host that does not parse', 'https://[::g]/mcp'],
    ['with a backslash that a URL parser reads as a slash', 'https://api.example.com\\evil/mcp'],
    ['with a tab that a URL parser drops', 'https://api.exam\tple.com/mcp'],
    ['with a line break in its path', 'https://api.example.com/m\ncp'],
    ['with a blank around it', ' https://api.example.com/mcp '],
    ['too long', `https://api.example.com/${'x'.repeat(2048)}`],
  ])('one that is %s is none', (_, value) => {
    expect(canonicalResource(value)).toBeUndefined()
  })

  test('what has a canonical form is its own canonical form', () => {
    const canonical = canonicalResource('HTTPS://API.example.com:443/mcp') ?? ''
    expect(canonicalResource(canonical)).toBe(canonical)
  })
})
