// RFC 9101 by clients that others wrote: https://www.rfc-editor.org/rfc/rfc9101.html
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from './support/browser.ts'
import { discover, http } from './support/oauth4webapi-flow.ts'
import { pushRequest } from './support/pushed-request.ts'
import { signingCallback, signingClient } from './support/signing-client.ts'
import type { SigningClient } from './support/signing-client.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const client = { client_id: 'pkjwt' }

describe.each(['ES256', 'RS256', 'Ed25519'])('a request that is signed with %s', (algorithm) => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer
  let signing: SigningClient
  let config: openid.Configuration

  beforeAll(async () => {
    signing = await signingClient(algorithm)
    target = await startTarget({ PKJWT_JWKS: signing.jwks })
    server = await discover(target.issuer, 'oauth2')
    const authentication = openid.PrivateKeyJwt(signing.key)
    config = await openid.discovery(new URL(target.issuer), 'pkjwt', undefined, authentication, {
      execute: [openid.allowInsecureRequests],
    })
  })
  afterAll(() => target.stop())

  async function parameters(more: Readonly<Record<string, string>> = {}) {
    const verifier = oauth.generateRandomCodeVerifier()
    const challenge = await oauth.calculatePKCECodeChallenge(verifier)
    const asked = {
      redirect_uri: signingCallback,
      response_type: 'code',
      scope: 'openid read:application',
      resource: target.mcp,
      state: 'a state',
      max_age: '3600',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    }
    return { verifier, asked }
  }

  /** Finishes the flow with oauth4webapi: the client proves itself with its key at the token endpoint, too. */
  async function finish(url: URL, verifier: string) {
    const callback = await createBrowser().authorize(url)
    const code = oauth.validateAuthResponse(server, client, callback, 'a state')
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.PrivateKeyJwt(signing.key),
      code,
      signingCallback,
      verifier,
      http,
    )
    return oauth.processAuthorizationCodeResponse(server, client, response)
  }

  it('goes by value, by oauth4webapi', async () => {
    const { verifier, asked } = await parameters()
    const request = await oauth.issueRequestObject(server, client, asked, signing.key)
    const url = new URL(server.authorization_endpoint ?? '')
    url.search = new URLSearchParams({ client_id: 'pkjwt', request }).toString()
    expect((await finish(url, verifier)).scope).toBe('openid read:application')
  })

  it('goes by a push, by oauth4webapi', async () => {
    const { verifier, asked } = await parameters()
    const request = await oauth.issueRequestObject(server, client, asked, signing.key)
    const authentication = oauth.PrivateKeyJwt(signing.key)
    const url = await pushRequest(server, client, authentication, { request })
    expect((await finish(url, verifier)).scope).toBe('openid read:application')
  })

  it.each(['by value', 'by a push'])('goes %s, by openid-client', async (way) => {
    const { verifier, asked } = await parameters()
    const signed = await openid.buildAuthorizationUrlWithJAR(config, asked, signing.key)
    expect([...signed.searchParams.keys()].toSorted()).toEqual(['client_id', 'request'])
    const url =
      way === 'by value' ? signed : await openid.buildAuthorizationUrlWithPAR(config, signed.searchParams)
    const callback = await createBrowser().authorize(url)
    const tokens = await openid.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: verifier,
      expectedState: 'a state',
      maxAge: 3600,
    })
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: 'pkjwt' })
  })

  it('is refused when somebody else signed it, or changed it', async () => {
    const { asked } = await parameters()
    const stranger = await signingClient(algorithm)
    const forged = await openid.buildAuthorizationUrlWithJAR(config, asked, stranger.key)
    await expect(createBrowser().authorize(forged)).rejects.toThrow('invalid_request_object')
    const request = await oauth.issueRequestObject(server, client, asked, signing.key)
    const [header, payload = '', signature] = request.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
    const changed = jose.base64url.encode(JSON.stringify({ ...claims, scope: 'openid write:application' }))
    const authentication = oauth.PrivateKeyJwt(signing.key)
    const tampered = { request: [header, changed, signature].join('.') }
    await expect(pushRequest(server, client, authentication, tampered)).rejects.toMatchObject({
      error: 'invalid_request_object',
    })
  })
})
