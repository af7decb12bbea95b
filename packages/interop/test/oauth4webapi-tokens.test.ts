// What oauth4webapi does with tokens after they were issued, as a client and as a resource server.
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover, http, refresh, signIn, validate } from './support/oauth4webapi-flow.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const webCallback = 'http://127.0.0.1:4900/cb'
const pub = { client_id: 'pub' }

describe.each(['jwt', 'opaque'])('%s access tokens', (format) => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer

  beforeAll(async () => {
    target = await startTarget({ ACCESS_TOKEN_FORMAT: format })
    server = await discover(target.issuer, 'oauth2')
  })
  afterAll(() => target.stop())

  async function introspect(token: string, id: string): Promise<oauth.IntrospectionResponse> {
    const client = { client_id: id }
    const authentication = oauth.ClientSecretBasic(`${id}-secret`)
    const response = await oauth.introspectionRequest(server, client, authentication, token, http)
    return oauth.processIntrospectionResponse(server, client, response)
  }

  it('are refreshed with rotation, and revoking the refresh token ends them', async () => {
    const client = pub
    const first = await signIn({ server, client })
    const second = await refresh(server, client, first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(second.scope).toBe(first.scope)
    const { body, status } = await oauth.revocationRequest(
      server,
      client,
      oauth.None(),
      second.refresh_token ?? '',
      http,
    )
    expect(status).toBe(200)
    await body?.cancel()
    await expect(refresh(server, client, second.refresh_token)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('are revoked with an answer that the client accepts, known or not', async () => {
    const client = { client_id: 'web' }
    const authentication = oauth.ClientSecretBasic('web-secret')
    const { access_token: token } = await signIn({ server, client, authentication, redirectUri: webCallback })
    for (const each of [token, token, 'unknown']) {
      const response = await oauth.revocationRequest(server, client, authentication, each, http)
      await oauth.processRevocationResponse(response)
    }
    const call = oauth.protectedResourceRequest(token, 'POST', new URL(target.mcp), undefined, '{}', http)
    await expect(call).rejects.toMatchObject({
      status: 401,
      cause: [
        { scheme: 'bearer', parameters: { error: 'invalid_token', scope: 'read:application' } },
        { scheme: 'dpop' },
      ],
    })
  })

  it('are introspected by the resource server that they are for, and by no other', async () => {
    const { access_token: token } = await signIn({ server, client: pub })
    expect(await introspect(token, 'rs1')).toMatchObject({
      active: true,
      iss: target.issuer,
      aud: target.mcp,
      sub: 'alice',
      client_id: 'pub',
      scope: 'read:application openid',
    })
    expect(await introspect(token, 'rs2')).toEqual({ active: false })
    const response = await oauth.revocationRequest(server, pub, oauth.None(), token, http)
    await oauth.processRevocationResponse(response)
    expect(await introspect(token, 'rs1')).toEqual({ active: false })
  })

  it('without a resource open the userinfo of their user, as far as the scopes go', async () => {
    const scope = 'openid profile email'
    const authorized = await signIn({ server, client: pub, parameters: { scope, resource: '' } })
    const response = await oauth.userInfoRequest(server, pub, authorized.access_token, http)
    const claims = await oauth.processUserInfoResponse(server, pub, 'alice', response)
    expect(claims).toMatchObject({ sub: 'alice', name: 'Alice Example', email: 'alice@example.com' })
    expect(claims).not.toHaveProperty('phone_number')
  })

  it('for a resource do not open the userinfo', async () => {
    const { access_token: token } = await signIn({ server, client: pub })
    const response = await oauth.userInfoRequest(server, pub, token, http)
    await expect(oauth.processUserInfoResponse(server, pub, 'alice', response)).rejects.toMatchObject({
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    })
  })

  it('are issued to a client for itself', async () => {
    const client = { client_id: 'svc' }
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic('svc-secret'),
      { scope: 'read:application', resource: target.mcp },
      http,
    )
    const tokens = await oauth.processClientCredentialsResponse(server, client, response)
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(await introspect(tokens.access_token, 'rs1')).toMatchObject({ active: true, client_id: 'svc' })
  })
})

describe('to someone who has only the specification', () => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer

  beforeAll(async () => {
    target = await startTarget()
    server = await discover(target.issuer, 'oauth2')
  })
  afterAll(() => target.stop())

  it('JWT access tokens are for one resource only', async () => {
    const { access_token: token } = await signIn({ server, client: pub })
    expect((await validate(server, token, target.mcp)).aud).toBe(target.mcp)
    await expect(validate(server, token, `${target.origin}/mcp2`)).rejects.toThrow(/"aud"/)
    const other = new URL(`${target.origin}/mcp2`)
    await expect(
      oauth.protectedResourceRequest(token, 'POST', other, undefined, '{}', http),
    ).rejects.toMatchObject({ status: 401 })
  })

  it('ID tokens are no access tokens', async () => {
    const { id_token: idToken } = await signIn({ server, client: pub })
    await expect(validate(server, idToken ?? '', target.mcp)).rejects.toThrow(/JWT "typ"/)
  })
})
