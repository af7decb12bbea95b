// RFC 8414 §2 and RFC 9207 §2.4: one spelling of the issuer
import { describe, expect, it } from 'vitest'
import { createUrls } from '../src/urls.ts'

describe('createUrls', () => {
  it('MD-09 refuses an issuer that is no https URL, or http off loopback', () => {
    for (const issuer of [
      undefined,
      '',
      'auth.example.com',
      '//auth.example.com',
      'https://',
      'http://auth.example.com',
      'http://127.0.0.2',
      'http://localhost.evil.example',
      'ftp://auth.example.com',
      'javascript:alert(1)',
      'https://user:pw@auth.example.com',
      'https://user@auth.example.com',
    ])
      expect(() => createUrls(issuer as string)).toThrow(TypeError)
  })

  it('MD-09 refuses an issuer with a query or a fragment, also an empty one', () => {
    for (const tail of ['?', '#', '?a=b', '#f', '/tenant?x', '/tenant#'])
      expect(() => createUrls(`https://auth.example.com${tail}`)).toThrow(TypeError)
  })

  it('MD-09 refuses every spelling of an issuer but the one that URLs are compared in', () => {
    for (const issuer of [
      'https://auth.example.com/',
      'https://auth.example.com//',
      'https://auth.example.com/tenant1/',
      'https://auth.example.com:443',
      'https://AUTH.example.com',
      'HTTPS://auth.example.com',
      ' https://auth.example.com',
      'https://auth.example.com\n',
      'https://auth.example.com/a/../b',
      'https://auth.example.com/./a',
      'https://auth.example.com\\tenant',
      'https://exämple.com',
      'https:/auth.example.com',
    ])
      expect(() => createUrls(issuer), issuer).toThrow(TypeError)
  })

  it('says how the issuer should have been written', () => {
    expect(() => createUrls('https://AUTH.example.com/')).toThrow('"https://auth.example.com"')
  })

  it('takes https anywhere and http on this machine', () => {
    const issuers = [
      'https://auth.example.com',
      'https://a.example:8443/t/1',
      'http://localhost:3000',
      'http://[::1]:1',
    ]
    for (const issuer of issuers) expect(createUrls(issuer).url('token')).toBe(`${issuer}/token`)
    expect(createUrls('http://127.0.0.1:3000').secure).toBe(false)
    expect(createUrls('https://a.example').secure).toBe(true)
  })

  it('keeps the path of the issuer before every endpoint', () => {
    const urls = createUrls('https://a.example/tenant1', { token: '/oauth/token' })
    expect([urls.origin, urls.basePath]).toEqual(['https://a.example', '/tenant1'])
    expect(urls.path('token')).toBe('/tenant1/oauth/token')
    expect(urls.url('authorization')).toBe('https://a.example/tenant1/authorize')
  })

  it('refuses an endpoint path that no request could have', () => {
    for (const path of [
      '',
      'token',
      '/',
      '/a b',
      '/a?b',
      '/a#b',
      '/ä',
      '/%2e',
      '/a/../token',
      '/./token',
      'https://evil.example/',
    ])
      expect(() => createUrls('https://a.example', { token: path }), path).toThrow('paths.token')
    expect(() => createUrls('https://a.example', { tokens: '/x' })).toThrow('paths.tokens')
  })
})
