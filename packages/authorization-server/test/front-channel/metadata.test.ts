// RFC 8414: https://www.rfc-editor.org/rfc/rfc8414.html
import { describe, expect, it } from 'vitest'
import { authorizationCode, none, registered } from '@gatewright/authorization-server'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'

const well = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

async function get({ server }: TestServer, path: string, init: RequestInit = {}) {
  const response = await server.handle(new Request(path.startsWith('http') ? path : issuer + path, init))
  if (response === undefined) throw new Error(`${path} is not answered`)
  const text = await response.text()
  return { response, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
}

describe('the metadata document', () => {
  it('MD-01 names the configured issuer exactly, and endpoints of its origin only', async () => {
    const test = testServer()
    for (const path of well) {
      const { response, json } = await get(test, path)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(json.issuer).toBe(issuer)
      for (const [name, value] of Object.entries(json))
        if (/_(endpoint|uri)$/.test(name)) expect(new URL(String(value)).origin).toBe(issuer)
      expect(json).toEqual(await test.server.metadata())
    }
  })

  it('MD-01 names only what is there: every endpoint answers', async () => {
    const test = testServer()
    const { json } = await get(test, well[0] ?? '')
    const endpoints = Object.entries(json).filter(([name]) => /_(endpoint|uri)$/.test(name))
    expect(endpoints.length).toBeGreaterThanOrEqual(5)
    expect(new Set(endpoints.map(([, url]) => url)).size).toBe(endpoints.length)
    for (const [, url] of endpoints)
      expect((await test.server.handle(new Request(String(url))))?.status).toBeLessThan(500)
  })

  it('says what is offered, and nothing that is not', async () => {
    const { json } = await get(testServer(), well[0] ?? '')
    expect(json).toMatchObject({
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: [
        'none',
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
      ],
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: false,
      protected_resources: [mcp, otherResource],
      id_token_signing_alg_values_supported: ['ES256'],
    })
    expect(JSON.stringify(json)).not.toMatch(/plain|implicit|fragment|"password"|HS256|RS512/)
  })

  it('CR-23 is silent about what the server was not given, and so are the endpoints', async () => {
    const test = testServer({
      clients: [registered({ client_id: 'app', redirect_uris: ['https://app.example.com/cb'] })],
      grants: [authorizationCode()],
      clientAuthentication: [none()],
    })
    const { json } = await get(test, well[0] ?? '')
    expect(json).not.toHaveProperty('registration_endpoint')
    expect(json.grant_types_supported).toEqual(['authorization_code'])
    expect(json.token_endpoint_auth_methods_supported).toEqual(['none'])
    expect(await test.server.handle(new Request(`${issuer}/register`, { method: 'POST' }))).toBeUndefined()
  })

  it('MD-05 no header and no Host of the request changes anything in it', async () => {
    const test = testServer()
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-prefix': '/evil',
      'x-original-url': 'https://evil.example/',
      forwarded: 'host=evil.example;proto=http',
    }
    for (const path of well) {
      const { json } = await get(test, `http://evil.example:8080${path}`, { headers })
      expect(json).toEqual(await test.server.metadata())
      expect(JSON.stringify(json)).not.toContain('evil')
    }
  })

  it('MD-05 HT-20 pages and redirects come from the configured issuer, whatever host was asked', async () => {
    const { server } = testServer()
    const url = 'http://evil.example/authorize?client_id=pub1&scope=unknown'
    const request = new Request(url, {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    })
    const response = await server.handle(request)
    expect(response?.headers.get('location')).toContain(`iss=${encodeURIComponent(issuer)}`)
    const account = await server.handle(new Request('http://evil.example/account'))
    expect(await account?.text()).not.toContain('evil.example')
  })

  it('MD-08 any origin may read it and the keys, none with credentials', async () => {
    const test = testServer()
    for (const path of [...well, '/jwks']) {
      const headers = { origin: 'https://inspector.example' }
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const response = await test.server.handle(new Request(issuer + path, { method, headers }))
        expect(response?.status).toBe(method === 'OPTIONS' ? 204 : 200)
        expect(response?.headers.get('access-control-allow-origin')).toBe('*')
        expect(response?.headers.get('access-control-allow-credentials')).toBeNull()
        expect(response?.headers.getSetCookie()).toEqual([])
      }
    }
  })

  it('MD-12 caches may keep it and the keys for minutes, not for as long as a key is published ahead', async () => {
    for (const path of [...well, '/jwks']) {
      const { response } = await get(testServer(), path)
      const [, seconds] = /^public, max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '') ?? []
      expect(Number(seconds)).toBeGreaterThan(0)
      expect(Number(seconds)).toBeLessThanOrEqual(3600)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('is read, not written', async () => {
    const test = testServer()
    for (const path of [...well, '/jwks'])
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const response = await test.server.handle(new Request(issuer + path, { method }))
        expect([response?.status, response?.headers.get('allow')]).toEqual([405, 'HEAD, GET'])
      }
  })

  it('leaves paths that are not ours to others', async () => {
    const { server } = testServer()
    const paths = [
      '/',
      '/mcp',
      '/authorize/',
      '/AUTHORIZE',
      '//authorize',
      '/.well-known/unknown',
      '/token/x',
      '/jwks.json',
    ]
    for (const path of [...paths, '/.well-known/openid-configuration/tenant1', '/%61uthorize'])
      expect(await server.handle(new Request(issuer + path))).toBeUndefined()
  })
})
