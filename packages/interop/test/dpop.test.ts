// RFC 9449 by clients that others wrote: https://www.rfc-editor.org/rfc/rfc9449.html
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, discover, http, loopbackCallback } from './support/oauth4webapi-flow.ts'
import { authorizePushed } from './support/pushed-request.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const client: oauth.Client = { client_id: 'pub' }
const listTools = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
const mcpHeaders = () =>
  new Headers({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-06-18',
  })

describe.each([
  ['jwt', 'without nonces', {}],
  ['jwt', 'with nonces', { DPOP_NONCE: '1' }],
  ['opaque', 'with nonces', { DPOP_NONCE: '1', ACCESS_TOKEN_FORMAT: 'opaque' }],
])('%s tokens that are bound to a key, %s', (_format, _nonces, switches) => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer

  beforeAll(async () => {
    target = await startTarget(switches)
    server = await discover(target.issuer, 'oauth2')
  })
  afterAll(() => target.stop())

  /** What oauth4webapi leaves to its user: it keeps the nonce that an error brought, and the request is sent again. */
  async function again<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error
      return send()
    }
  }

  it('are obtained, used at the resource and refreshed by oauth4webapi', async () => {
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
    const thumbprint = await DPoP.calculateThumbprint()
    const flow = { server, client, parameters: { dpop_jkt: thumbprint } }
    const { validated, verifier } = await authorize(flow)
    const options = { ...http, DPoP }
    const none = oauth.None()
    const tokens = await again(async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        none,
        validated,
        loopbackCallback,
        verifier,
        options,
      )
      return oauth.processAuthorizationCodeResponse(server, client, response)
    })
    expect(tokens.token_type).toBe('dpop')

    const call = (token: string, extra: object = { DPoP }) =>
      oauth.protectedResourceRequest(token, 'POST', new URL(target.mcp), mcpHeaders(), listTools, {
        ...http,
        ...extra,
      })
    const listed = await again(() => call(tokens.access_token))
    expect(listed.status).toBe(200)
    expect(await listed.text()).toContain('get_applications')
    await expect(call(tokens.access_token, {})).rejects.toMatchObject({ status: 401 })

    const refreshed = await again(async () => {
      const token = tokens.refresh_token ?? ''
      const response = await oauth.refreshTokenGrantRequest(server, client, none, token, options)
      return oauth.processRefreshTokenResponse(server, client, response)
    })
    expect(refreshed.token_type).toBe('dpop')
    expect((await again(() => call(refreshed.access_token))).status).toBe(200)

    const thief = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
    await expect(again(() => call(refreshed.access_token, { DPoP: thief }))).rejects.toMatchObject({
      status: 401,
    })
    await expect(
      again(async () => {
        const token = refreshed.refresh_token ?? ''
        const response = await oauth.refreshTokenGrantRequest(server, client, none, token, {
          ...http,
          DPoP: thief,
        })
        return oauth.processRefreshTokenResponse(server, client, response)
      }),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('are obtained after a pushed request and used at the resource and the userinfo by openid-client', async () => {
    const config = await openid.discovery(new URL(target.issuer), 'pub', undefined, openid.None(), {
      execute: [openid.allowInsecureRequests],
    })
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'))
    const signIn = async (parameters: Record<string, string>) => {
      const asked = { redirect_uri: loopbackCallback, ...parameters }
      const { callback, checks } = await authorizePushed(config, asked, { DPoP })
      const redeem = (options?: openid.DPoPOptions) =>
        openid.authorizationCodeGrant(config, callback, checks, undefined, options)
      // The proof of the pushed request binds the code, so that it is worth nothing without the key.
      await expect(redeem()).rejects.toMatchObject({ error: 'invalid_dpop_proof' })
      return redeem({ DPoP })
    }
    const tokens = await signIn({ scope: 'read:application', resource: target.mcp })
    expect(tokens.token_type).toBe('dpop')
    const answer = await openid.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(target.mcp),
      'POST',
      listTools,
      mcpHeaders(),
      { DPoP },
    )
    expect(await answer.text()).toContain('get_applications')

    const identity = await signIn({ scope: 'openid email' })
    const told = await openid.fetchUserInfo(config, identity.access_token, 'alice', { DPoP })
    expect(told.email).toBe('alice@example.com')
  })
})

describe('to a resource server that has only the specification', () => {
  it('a bound token is good with a proof of its key, and with nothing else', async () => {
    const target = await startTarget()
    try {
      const server = await discover(target.issuer, 'oauth2')
      const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
      const { validated, verifier } = await authorize({ server, client })
      const none = oauth.None()
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        none,
        validated,
        loopbackCallback,
        verifier,
        { ...http, DPoP },
      )
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response)
      let sent: Request | undefined
      const capture = async (url: string, init: object) => {
        sent = new Request(url, init)
        return new Response('{}')
      }
      const options = { ...http, DPoP, [oauth.customFetch]: capture }
      const resource = new URL(target.mcp)
      await oauth.protectedResourceRequest(tokens.access_token, 'GET', resource, undefined, null, options)
      const validate = (request: Request) =>
        oauth.validateJwtAccessToken(server, request, target.mcp, { ...http, requireDPoP: true })
      if (sent === undefined) throw new Error('nothing was sent')
      expect((await validate(sent)).cnf?.jkt).toBe(await DPoP.calculateThumbprint())
      const bare = new Request(target.mcp, { headers: { authorization: `DPoP ${tokens.access_token}` } })
      await expect(validate(bare)).rejects.toThrow()
    } finally {
      await target.stop()
    }
  })
})

describe('a claims function that throws', () => {
  it('JW-26 issues nothing, and tells the client no more than server_error', async () => {
    const target = await startTarget()
    try {
      const response = await fetch(`${target.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('boom:boom-secret')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: target.mcp }),
      })
      const text = await response.text()
      expect([response.status, JSON.parse(text).error]).toEqual([500, 'server_error'])
      expect(text).not.toMatch(/secret|srv|claims/)
      const events = await target.events()
      expect(events.map(({ type }) => type)).toEqual(['request.failed'])
    } finally {
      await target.stop()
    }
  })
})
