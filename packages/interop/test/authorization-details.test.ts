// RFC 9396 by clients that others wrote: https://www.rfc-editor.org/rfc/rfc9396.html
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover, http, loopbackCallback, signIn, validate } from './support/oauth4webapi-flow.ts'
import { authorizePushed, signInPushed } from './support/pushed-request.ts'
import { signingCallback, signingClient } from './support/signing-client.ts'
import type { SigningClient } from './support/signing-client.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const pub = { client_id: 'pub' }
const change = { type: 'application', name: 'my-app', actions: ['read', 'update'] }
const removal = { type: 'application', name: 'old-app', actions: ['delete'] }
const asking = (...details: object[]) => ({ authorization_details: JSON.stringify(details) })

describe.each(['jwt', 'opaque'])('authorization details, with %s tokens,', (format) => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer
  let signing: SigningClient
  let config: openid.Configuration

  beforeAll(async () => {
    signing = await signingClient()
    target = await startTarget({ ACCESS_TOKEN_FORMAT: format, PKJWT_JWKS: signing.jwks })
    server = await discover(target.issuer, 'oauth2')
    config = await openid.discovery(new URL(target.issuer), 'pub', undefined, openid.None(), {
      execute: [openid.allowInsecureRequests],
    })
  })
  afterAll(() => target.stop())

  async function introspect(token: string) {
    const client = { client_id: 'rs1' }
    const authentication = oauth.ClientSecretBasic('rs1-secret')
    const response = await oauth.introspectionRequest(server, client, authentication, token, http)
    return oauth.processIntrospectionResponse(server, client, response)
  }

  it('are found in the metadata of the server and of the resource', async () => {
    expect(server.authorization_details_types_supported).toEqual(['application'])
    const resource = new URL(target.mcp)
    const response = await oauth.resourceDiscoveryRequest(resource, http)
    expect(await oauth.processResourceDiscoveryResponse(resource, response)).toMatchObject({
      authorization_details_types_supported: ['application'],
    })
  })

  it('are granted to oauth4webapi, told in the answer, the token and at introspection, and narrowed at a refresh', async () => {
    const tokens = await signIn({ server, client: pub, parameters: asking(change, removal) })
    expect(tokens.authorization_details).toEqual([change, removal])
    expect((await introspect(tokens.access_token)).authorization_details).toEqual([change, removal])
    if (format === 'jwt')
      expect((await validate(server, tokens.access_token, target.mcp)).authorization_details).toEqual([
        change,
        removal,
      ])
    const again = async (details: object) => {
      const token = tokens.refresh_token ?? ''
      const options = { ...http, additionalParameters: asking(details) }
      const response = await oauth.refreshTokenGrantRequest(server, pub, oauth.None(), token, options)
      return oauth.processRefreshTokenResponse(server, pub, response)
    }
    await expect(again({ ...removal, name: 'my-app' })).rejects.toMatchObject({
      error: 'invalid_authorization_details',
    })
    const narrowed = await again(removal)
    expect(narrowed.authorization_details).toEqual([removal])
    expect((await introspect(narrowed.access_token)).authorization_details).toEqual([removal])
  })

  it('are less than what was asked for where the user may not do all of it', async () => {
    const flow = { server, client: pub, parameters: asking(change, removal), person: { name: 'carol' } }
    expect((await signIn(flow)).authorization_details).toEqual([{ ...change, actions: ['read'] }])
  })

  it('are refused by redirect when they are not sound', async () => {
    const wrong = [{ type: 'payment' }, { ...change, actions: ['publish'] }, { ...change, owner: 'alice' }]
    for (const detail of wrong)
      await expect(signIn({ server, client: pub, parameters: asking(detail) })).rejects.toMatchObject({
        error: 'invalid_authorization_details',
      })
  })

  it('are pushed by openid-client, shown to the user, and narrowed when the code is redeemed', async () => {
    const { browser, callback, checks } = await authorizePushed(config, {
      redirect_uri: loopbackCallback,
      scope: 'read:application',
      resource: target.mcp,
      ...asking(change, removal),
    })
    const consent = browser.shown.find(({ kind }) => kind === 'consent')?.html
    expect(consent).toContain('Read and update the application &quot;my-app&quot;')
    expect(consent).toContain('Delete the application &quot;old-app&quot;')
    const tokens = await openid.authorizationCodeGrant(config, callback, checks, asking(change))
    expect(tokens.authorization_details).toEqual([change])
    const all = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(all.authorization_details).toEqual([change, removal])
  })

  it('are signed and pushed by oauth4webapi', async () => {
    const client = { client_id: 'pkjwt' }
    const asked = {
      redirect_uri: signingCallback,
      scope: 'read:application',
      resource: target.mcp,
      ...asking(change),
    }
    const sign = async (parameters: Record<string, string>) => ({
      request: await oauth.issueRequestObject(server, client, parameters, signing.key),
    })
    const authentication = oauth.PrivateKeyJwt(signing.key)
    const { tokens } = await signInPushed(server, client, authentication, asked, sign)
    expect(tokens.authorization_details).toEqual([change])
  })

  it('are given to a client for itself as far as the type says, by both', async () => {
    const client = { client_id: 'svc' }
    const parameters = { resource: target.mcp, scope: 'read:application', ...asking(change) }
    const authentication = oauth.ClientSecretBasic('svc-secret')
    const request = async (more: object = {}) => {
      const sent = { ...parameters, ...more }
      const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, sent, http)
      return oauth.processClientCredentialsResponse(server, client, response)
    }
    const granted = [{ ...change, actions: ['read'] }]
    const tokens = await request()
    expect(tokens.authorization_details).toEqual(granted)
    expect((await introspect(tokens.access_token)).authorization_details).toEqual(granted)
    await expect(request(asking(removal))).rejects.toMatchObject({ error: 'invalid_authorization_details' })
    const service = await openid.discovery(
      new URL(target.issuer),
      'svc',
      'svc-secret',
      openid.ClientSecretBasic('svc-secret'),
      { execute: [openid.allowInsecureRequests] },
    )
    expect((await openid.clientCredentialsGrant(service, parameters)).authorization_details).toEqual(granted)
  })

  it('are told in the audit log by their types alone', async () => {
    const issued = (await target.events()).filter(({ type }) => type === 'token.issued')
    expect(issued.filter(({ detailTypes }) => detailTypes?.includes('application')).length).toBeGreaterThan(0)
    expect(JSON.stringify(issued)).not.toContain('my-app')
  })
})
