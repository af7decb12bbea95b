// RFC 7523 client authentication at every endpoint, and answers that are signed, by two clients that others wrote
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover, http, signIn, validate } from './support/oauth4webapi-flow.ts'
import { authorizePushed } from './support/pushed-request.ts'
import { signingCallback, signingClient } from './support/signing-client.ts'
import type { SigningClient } from './support/signing-client.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks]
const client = { client_id: 'pkjwt' }
const pub = { client_id: 'pub' }

describe('a client that signs assertions', () => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer
  let signing: SigningClient
  let config: openid.Configuration

  beforeAll(async () => {
    signing = await signingClient()
    target = await startTarget({ PKJWT_JWKS: signing.jwks })
    server = await discover(target.issuer, 'oauth2')
    const authentication = openid.PrivateKeyJwt(signing.key)
    config = await openid.discovery(new URL(target.issuer), 'pkjwt', undefined, authentication, { execute })
  })
  afterAll(() => target.stop())

  it('proves itself to all endpoints, by oauth4webapi', async () => {
    const authentication = oauth.PrivateKeyJwt(signing.key)
    const tokens = await signIn({ server, client, authentication, redirectUri: signingCallback })
    const options = [server, client, authentication] as const
    const again = await oauth.refreshTokenGrantRequest(...options, tokens.refresh_token ?? '', http)
    const refreshed = await oauth.processRefreshTokenResponse(server, client, again)
    const parameters = { resource: target.mcp, scope: 'read:application' }
    const own = await oauth.clientCredentialsGrantRequest(...options, parameters, http)
    expect((await oauth.processClientCredentialsResponse(server, client, own)).scope).toBe('read:application')
    const about = await oauth.introspectionRequest(...options, refreshed.access_token, http)
    // It is no resource server of ours, so it learns nothing, but it is let in.
    expect(await oauth.processIntrospectionResponse(server, client, about)).toEqual({ active: false })
    const ended = await oauth.revocationRequest(...options, refreshed.refresh_token ?? '', http)
    await oauth.processRevocationResponse(ended)
    const late = await oauth.refreshTokenGrantRequest(...options, refreshed.refresh_token ?? '', http)
    await expect(oauth.processRefreshTokenResponse(server, client, late)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('proves itself to all endpoints, by openid-client', async () => {
    const asked = {
      redirect_uri: signingCallback,
      scope: 'openid read:application',
      resource: target.mcp,
    }
    const { callback, checks } = await authorizePushed(config, asked)
    const tokens = await openid.authorizationCodeGrant(config, callback, checks)
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    const own = await openid.clientCredentialsGrant(config, {
      resource: target.mcp,
      scope: 'read:application',
    })
    expect((await validate(server, own.access_token, target.mcp)).sub).toBe('client:pkjwt')
    expect(await openid.tokenIntrospection(config, own.access_token)).toEqual({ active: false })
    await openid.tokenRevocation(config, refreshed.refresh_token ?? '')
    await expect(openid.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('is refused with another key, and with an assertion for somebody else', async () => {
    const stranger = await signingClient()
    const parameters = { resource: target.mcp }
    const ask = async (key: SigningClient['key'], modify?: oauth.ModifyAssertionFunction) => {
      const options = modify === undefined ? {} : { [oauth.modifyAssertion]: modify }
      const authentication = oauth.PrivateKeyJwt(key, options)
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        authentication,
        parameters,
        http,
      )
      return oauth.processClientCredentialsResponse(server, client, response)
    }
    await expect(ask(stranger.key)).rejects.toMatchObject({ error: 'invalid_client' })
    const elsewhere: oauth.ModifyAssertionFunction = (_header, payload) => {
      payload['aud'] = 'https://other.example'
    }
    await expect(ask(signing.key, elsewhere)).rejects.toMatchObject({ error: 'invalid_client' })
    expect((await ask(signing.key)).token_type).toBe('bearer')
  })
})

describe.each(['ES256', 'RS256', 'EdDSA'])('answers signed with %s', (algorithm) => {
  let target: RunningTarget
  let server: oauth.AuthorizationServer
  const notary = {
    client_id: 'notary',
    client_secret: 'notary-secret',
    redirect_uris: ['http://127.0.0.1:4900/cb'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: algorithm,
    userinfo_signed_response_alg: algorithm,
  }
  const authentication = oauth.ClientSecretBasic('notary-secret')

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewright-notary-'))
    const file = join(folder, 'clients.json')
    await writeFile(file, JSON.stringify([notary]))
    target = await startTarget({ SIGNING_ALG: algorithm, EXTRA_CLIENTS: file })
    await rm(folder, { recursive: true })
    server = await discover(target.issuer, 'oauth2')
  })
  afterAll(() => target.stop())

  it('tell of the user, and both check the signature', async () => {
    const parameters = { scope: 'openid profile email', resource: '' }
    const as = { ...notary, redirect_uris: undefined }
    const redirectUri = 'http://127.0.0.1:4900/cb'
    const tokens = await signIn({ server, client: as, authentication, redirectUri, parameters })
    const response = await oauth.userInfoRequest(server, as, tokens.access_token, http)
    expect(response.headers.get('content-type')).toBe('application/jwt')
    const told = await oauth.processUserInfoResponse(server, as, 'alice', response)
    expect(told).toMatchObject({ iss: target.issuer, aud: 'notary', email: 'alice@example.com' })
    await oauth.validateApplicationLevelSignature(server, response, http)
    const config = await openid.discovery(
      new URL(target.issuer),
      'notary',
      { client_secret: 'notary-secret', userinfo_signed_response_alg: algorithm },
      openid.ClientSecretBasic('notary-secret'),
      { execute },
    )
    expect(await openid.fetchUserInfo(config, tokens.access_token, 'alice')).toMatchObject({ aud: 'notary' })
  })

  it('tell a resource server of a token, and both check the signature', async () => {
    const { access_token: token } = await signIn({ server, client: pub })
    const as = { client_id: 'rs1', introspection_signed_response_alg: algorithm }
    const response = await oauth.introspectionRequest(
      server,
      as,
      oauth.ClientSecretBasic('rs1-secret'),
      token,
      http,
    )
    expect(response.headers.get('content-type')).toBe('application/token-introspection+jwt')
    const told = await oauth.processIntrospectionResponse(server, as, response)
    expect(told).toMatchObject({ active: true, aud: target.mcp, sub: 'alice' })
    await oauth.validateApplicationLevelSignature(server, response, http)
    const config = await openid.discovery(
      new URL(target.issuer),
      'rs1',
      { client_secret: 'rs1-secret', introspection_signed_response_alg: algorithm },
      openid.ClientSecretBasic('rs1-secret'),
      { execute },
    )
    expect(await openid.tokenIntrospection(config, token)).toMatchObject({ active: true, sub: 'alice' })
  })
})
