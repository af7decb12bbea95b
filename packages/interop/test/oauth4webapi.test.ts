// oauth4webapi checks every response by the letter of the specifications, so each of its steps is a test of ours.
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorize,
  discover,
  http,
  loopbackCallback,
  refresh,
  signIn,
  validate,
} from './support/oauth4webapi-flow.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const webCallback = 'http://127.0.0.1:4900/cb'
const confluenceCallback = 'http://127.0.0.1:4822/plugins/servlet/oauth/callback'

let target: RunningTarget
let server: oauth.AuthorizationServer

beforeAll(async () => {
  target = await startTarget()
  server = await discover(target.issuer, 'oauth2')
})
afterAll(() => target.stop())

describe('discovery', () => {
  it.each(['oauth2', 'oidc'] as const)('finds a server at the root by the %s rules', async (algorithm) => {
    expect(await discover(target.issuer, algorithm)).toMatchObject({
      issuer: target.issuer,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
    })
  })

  it('finds an issuer with a path by every rule, and its endpoints below that path', async () => {
    const tenant = await startTarget({ MOUNT: '/tenant1', ADAPTER: 'express' })
    try {
      const inserted = await discover(tenant.issuer, 'oauth2')
      expect(inserted.token_endpoint).toBe(`${tenant.origin}/tenant1/token`)
      expect(await discover(tenant.issuer, 'oidc')).toEqual(inserted)
      const both = `${tenant.origin}/.well-known/openid-configuration/tenant1`
      expect(await (await fetch(both)).json()).toEqual(inserted)

      const tokens = await signIn({ server: inserted, client: { client_id: 'pub' }, nonce: 'n-1' })
      expect((await validate(inserted, tokens.access_token, tenant.mcp)).iss).toBe(tenant.issuer)
    } finally {
      await tenant.stop()
    }
  })

  it.each(['/mcp', '/mcp2', '/api/mcp'])('goes from the resource %s to its server', async (path) => {
    const resource = new URL(target.origin + path)
    const response = await oauth.resourceDiscoveryRequest(resource, http)
    expect(await oauth.processResourceDiscoveryResponse(resource, response)).toMatchObject({
      authorization_servers: [target.issuer],
      bearer_methods_supported: ['header'],
    })
  })
})

describe('dynamic registration', () => {
  it.each([
    ['none', () => oauth.None()],
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ] as const)('registers a client that uses %s, and signs in with it', async (method, authentication) => {
    const metadata = { redirect_uris: [loopbackCallback], token_endpoint_auth_method: method }
    const response = await oauth.dynamicClientRegistrationRequest(server, metadata, http)
    const client = await oauth.processDynamicClientRegistrationResponse(response)
    expect(client).toMatchObject(metadata)
    const { client_secret: secret } = client
    const tokens = await signIn({
      server,
      client,
      authentication: authentication(typeof secret === 'string' ? secret : ''),
    })
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read:application openid', expires_in: 900 })
  })

  it('takes an initial access token where the server wants one', async () => {
    const closed = await startTarget({ DCR: 'token' })
    try {
      const as = await discover(closed.issuer, 'oauth2')
      const metadata = { redirect_uris: [loopbackCallback], token_endpoint_auth_method: 'none' }
      const register = async (options: oauth.DynamicClientRegistrationRequestOptions) =>
        oauth.processDynamicClientRegistrationResponse(
          await oauth.dynamicClientRegistrationRequest(as, metadata, { ...http, ...options }),
        )
      expect((await register({ initialAccessToken: 'dcr-initial-token' })).client_id).toBeTypeOf('string')
      await expect(register({})).rejects.toMatchObject({ status: 401, cause: [{ scheme: 'bearer' }] })
    } finally {
      await closed.stop()
    }
  })

  it('is refused with an error that the client can read', async () => {
    const metadata = { redirect_uris: ['http://evil.example/cb'] }
    const response = await oauth.dynamicClientRegistrationRequest(server, metadata, http)
    await expect(oauth.processDynamicClientRegistrationResponse(response)).rejects.toMatchObject({
      status: 400,
      error: 'invalid_redirect_uri',
    })
  })
})

describe('the code flow', () => {
  it.each(['ES256', 'RS256', 'EdDSA'])(
    'gives an ID token and an access token signed with %s that validate',
    async (algorithm) => {
      const signing = await startTarget({ SIGNING_ALG: algorithm })
      try {
        const as = await discover(signing.issuer, 'oidc')
        const client = { client_id: 'pub', id_token_signed_response_alg: algorithm }
        const nonce = oauth.generateRandomNonce()
        const tokens = await signIn({
          server: as,
          client,
          nonce,
          parameters: { scope: 'openid read:application' },
        })
        expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: 'pub', nonce })
        expect(await validate(as, tokens.access_token, signing.mcp)).toMatchObject({
          sub: 'alice',
          client_id: 'pub',
          scope: 'openid read:application',
        })
      } finally {
        await signing.stop()
      }
    },
  )

  it('serves clients that authenticate with Basic, in the percent-encoded spelling of the specification', async () => {
    // The hyphen of the secret arrives as %2D.
    const client = { client_id: 'web' }
    const authentication = oauth.ClientSecretBasic('web-secret')
    const tokens = await signIn({ server, client, authentication, redirectUri: webCallback })
    expect((await refresh(server, client, tokens.refresh_token, authentication)).access_token).toBeTypeOf(
      'string',
    )
  })

  it('serves clients that authenticate in the body', async () => {
    const authentication = oauth.ClientSecretPost('post-secret')
    const tokens = await signIn({
      server,
      client: { client_id: 'post' },
      authentication,
      redirectUri: webCallback,
    })
    expect(oauth.getValidatedIdTokenClaims(tokens)?.aud).toBe('post')
  })

  it('lets the client "confluence" sign in with a nonce and without PKCE, by either method', async () => {
    for (const authentication of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
      const tokens = await signIn({
        server,
        client: { client_id: 'confluence' },
        authentication: authentication('confluence-secret'),
        redirectUri: confluenceCallback,
        parameters: { scope: 'address phone openid profile offline_access email' },
        nonce: oauth.generateRandomNonce(),
        pkce: false,
      })
      expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: 'confluence' })
    }
  })

  it('refuses the client "confluence" without PKCE and without a nonce', async () => {
    const flow = authorize({
      server,
      client: { client_id: 'confluence' },
      redirectUri: confluenceCallback,
      parameters: { scope: 'openid' },
      pkce: false,
    })
    await expect(flow).rejects.toMatchObject({ error: 'invalid_request' })
  })
})

describe('errors', () => {
  it('come back by redirect with state and iss, which the client checks before it reads them', async () => {
    const denied = authorize({ server, client: { client_id: 'pub' }, person: { allow: () => false } })
    await expect(denied).rejects.toMatchObject({
      error: 'access_denied',
      error_description: 'the user denied the request',
    })
    const unknown = authorize({
      server,
      client: { client_id: 'pub' },
      parameters: { scope: 'read:everything' },
    })
    await expect(unknown).rejects.toMatchObject({ error: 'invalid_scope' })
    const elsewhere = authorize({
      server,
      client: { client_id: 'pub' },
      parameters: { resource: 'https://other.example/mcp' },
    })
    await expect(elsewhere).rejects.toMatchObject({ error: 'invalid_target' })
  })

  it('of a wrong code verifier are a body with invalid_grant, and the right one still works afterwards', async () => {
    const client = { client_id: 'pub' }
    const { validated, verifier } = await authorize({ server, client })
    const exchange = async (codeVerifier: string) => {
      const none = oauth.None()
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        none,
        validated,
        loopbackCallback,
        codeVerifier,
        http,
      )
      return oauth.processAuthorizationCodeResponse(server, client, response)
    }
    await expect(exchange(oauth.generateRandomCodeVerifier())).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
    })
    expect((await exchange(verifier)).token_type).toBe('bearer')
  })

  it('of a wrong secret are a Basic challenge to Basic, and a body to everything else', async () => {
    const client = { client_id: 'confluence' }
    await expect(refresh(server, client, 'x', oauth.ClientSecretBasic('wrong'))).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic' }],
    })
    await expect(refresh(server, client, 'x', oauth.ClientSecretPost('wrong'))).rejects.toMatchObject({
      status: 401,
      error: 'invalid_client',
    })
  })

  it('of a grant type that the server or the client does not have can be told apart', async () => {
    const request = async (client: oauth.Client, authentication: oauth.ClientAuth, grantType: string) => {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication,
        grantType,
        {},
        http,
      )
      return oauth.processGenericTokenEndpointResponse(server, client, response)
    }
    const pub = { client_id: 'pub' }
    await expect(request(pub, oauth.None(), 'urn:example:unknown')).rejects.toMatchObject({
      error: 'unsupported_grant_type',
    })
    const multi = { client_id: 'multi' }
    await expect(request(multi, oauth.None(), 'refresh_token')).rejects.toMatchObject({
      error: 'unauthorized_client',
    })
  })
})
