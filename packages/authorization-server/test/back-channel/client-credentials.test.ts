// RFC 6749 §4.4: https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4
import { clientCredentials, registered } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { claimsOf, isActive, post } from '../support/flow.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'

const ask = (
  test: TestServer,
  client: string,
  parameters: Readonly<Record<string, string>> = {},
  ip = '192.0.2.1',
) =>
  post(
    test,
    '/token',
    { grant_type: 'client_credentials', resource: mcp, ...parameters },
    { basic: as(client), ip },
  )

describe('client credentials', () => {
  it('CA-27 give a token of a namespaced subject, and no refresh token', async () => {
    const test = serviceServer()
    const { status, json, headers } = await ask(test, 'svc')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toMatchObject({ token_type: 'Bearer', scope: 'read:application', expires_in: 900 })
    expect(json.refresh_token).toBeUndefined()
    expect(json.id_token).toBeUndefined()
    expect(claimsOf(json.access_token)).toMatchObject({ sub: 'client:svc', client_id: 'svc', aud: mcp })
  })

  it('CA-27 no login can return the subject of a client', async () => {
    const test = testServer({
      interaction: {
        authenticate: async (_request, { now }) => ({ subject: 'client:svc', authenticatedAt: now }),
        consent: async ({ scopes }) => ({ scopes: scopes.map(({ name }) => name) }),
      },
    })
    const response = await test.server.handle(new Request('https://auth.example.com/account'))
    expect(response?.status).toBe(500)
    expect(response?.headers.get('set-cookie')).toBeNull()
  })

  it.each(['admin:application', 'read:application admin:application', 'read:user', 'openid', 'nope', '*'])(
    'SC-12 refuse the scope "%s", which goes beyond the ceiling',
    async (scope) => {
      const { status, json } = await ask(serviceServer(), 'svc', { scope })
      expect([status, json.error]).toEqual([400, 'invalid_scope'])
    },
  )

  it('SC-07 the ceiling counts with what it implies', async () => {
    expect((await ask(serviceServer(), 'writer', { scope: 'read:application' })).json.scope).toBe(
      'read:application',
    )
  })

  it.each([otherResource, 'https://unknown.example/'])(
    'RS-15 refuse the resource %s, which is not the client’s',
    async (resource) => {
      const { status, json } = await ask(serviceServer(), 'bound', { resource })
      expect([status, json.error]).toEqual([400, 'invalid_target'])
    },
  )

  it('RS-15 use the only resource of the client when none is named, and refuse to guess among several', async () => {
    const test = serviceServer()
    expect(claimsOf((await ask(test, 'bound', { resource: '' })).json.access_token).aud).toBe(mcp)
    expect((await ask(test, 'svc', { resource: '' })).json.error).toBe('invalid_target')
  })

  it('AC-15 are refused to a client that is not registered for them', async () => {
    const { status, json } = await ask(serviceServer(), 'rp')
    expect([status, json.error]).toEqual([400, 'unauthorized_client'])
  })

  it('RT-06 are refused without the secret', async () => {
    const { status, json } = await post(serviceServer(), '/token', {
      grant_type: 'client_credentials',
      client_id: 'svc',
      resource: mcp,
    })
    expect([status, json.error]).toEqual([401, 'invalid_client'])
  })

  it('CR-14 cannot be had by registering', async () => {
    const test = serviceServer()
    const registration = {
      redirect_uris: ['https://app.example.com/cb'],
      grant_types: ['client_credentials', 'authorization_code'],
    }
    const request = new Request('https://auth.example.com/register', {
      method: 'POST',
      body: JSON.stringify(registration),
    })
    const client = (await (await test.server.handle(request))?.json()) as Record<string, string>
    expect(client.grant_types).toEqual(['authorization_code'])
    const { json } = await post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp },
      { basic: `${client.client_id}:${client.client_secret}` },
    )
    expect(json.error).toBe('unauthorized_client')
  })

  it('policies see them without a subject, and can deny', async () => {
    const test = serviceServer({
      policies: [
        ({ subject, request }) => ({
          allowed: subject === undefined && request.oauth.client_id !== 'writer',
        }),
      ],
    })
    expect((await ask(test, 'svc')).status).toBe(200)
    const { status, json } = await ask(test, 'writer')
    expect([status, json.error]).toEqual([400, 'access_denied'])
  })

  it('RV-02 their tokens can be revoked, and no other client can', async () => {
    const test = serviceServer()
    const { json } = await ask(test, 'svc')
    const status = () => {
      const { jti, client_id: clientId } = claimsOf(json.access_token) as { jti: string; client_id: string }
      return test.server.isRevoked({ jti, clientId })
    }
    await post(test, '/revoke', { token: json.access_token }, { basic: as('writer') })
    expect(await status()).toBe(false)
    await post(test, '/revoke', { token: json.access_token }, { basic: as('svc') })
    expect(await status()).toBe(true)
    expect(await isActive(test, json.access_token)).toBe(false)
  })

  it('a token without a grant stops when its client is gone', async () => {
    const { server } = serviceServer()
    expect(await server.isRevoked({ jti: 'x', clientId: 'svc' })).toBe(false)
    expect(await server.isRevoked({ jti: 'x', clientId: 'removed' })).toBe(true)
    expect(await server.isRevoked({ jti: 'x' })).toBe(true)
  })

  it('a client needs scopes and a secret for them', () => {
    const client = { client_id: 'svc', grant_types: [clientCredentials().name] }
    expect(() => registered({ ...client, client_secret: 'x' })).toThrow(/scopes/)
    expect(() => registered({ ...client, scopes: ['read:application'] })).toThrow(/client_secret/)
  })
})
