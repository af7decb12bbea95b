// What openid-client does beside signing users in, and how it is told of what this server does not offer.
import * as jose from 'jose'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser, decodeHtml } from './support/browser.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const execute = [openid.allowInsecureRequests]
const idp = 'https://idp.example.com'
const callback = 'http://127.0.0.1:51004/callback'

let target: RunningTarget
let idpKey: jose.CryptoKey

beforeAll(async () => {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256')
  idpKey = privateKey
  const jwks = JSON.stringify({ keys: [{ ...(await jose.exportJWK(publicKey)), alg: 'ES256' }] })
  target = await startTarget({ TRUSTED_IDP_ISSUER: idp, TRUSTED_IDP_JWKS: jwks })
})
afterAll(() => target.stop())

const discover = (clientId: string, options: openid.DiscoveryRequestOptions = {}) =>
  openid.discovery(new URL(target.issuer), clientId, undefined, openid.None(), { execute, ...options })
const confidential = (clientId: string) =>
  openid.discovery(
    new URL(target.issuer),
    clientId,
    `${clientId}-secret`,
    openid.ClientSecretBasic(`${clientId}-secret`),
    { execute },
  )

async function request(config: openid.Configuration, more: Readonly<Record<string, string>> = {}) {
  const verifier = openid.randomPKCECodeVerifier()
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid read:application',
    resource: target.mcp,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'a state',
    ...more,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: 'a state' } }
}

describe('openid-client', () => {
  it('finds the server by the rules of OAuth as well, and keeps its keys', async () => {
    const config = await discover('pub', { algorithm: 'oauth2' })
    openid.enableNonRepudiationChecks(config)
    expect(config.serverMetadata()).toMatchObject({ issuer: target.issuer })
    const { url, checks } = await request(config)
    await openid.authorizationCodeGrant(config, await createBrowser().authorize(url), checks)
    const cache = openid.getJwksCache(config)
    expect(cache?.jwks.keys.length).toBeGreaterThan(0)
    const other = await discover('pub')
    if (cache !== undefined) openid.setJwksCache(other, cache)
    expect(openid.getJwksCache(other)?.jwks).toEqual(cache?.jwks)
  })

  it('polls until the user has connected the device', async () => {
    const config = await discover('pub')
    const started = await openid.initiateDeviceAuthorization(config, { resource: target.mcp })
    await createBrowser().connectDevice(started.verification_uri_complete ?? '')
    const tokens = await openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0.01 })
    expect(tokens.refresh_token).toBeTypeOf('string')
  })

  it('presents an identity assertion', async () => {
    const assertion = await new jose.SignJWT({ client_id: 'gw', scope: 'read:application' })
      .setProtectedHeader({ alg: 'ES256', typ: 'oauth-id-jag+jwt' })
      .setIssuer(idp)
      .setSubject('bob')
      .setAudience(target.issuer)
      .setJti('assertion-of-openid-client')
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(idpKey)
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const parameters = { assertion, resource: target.mcp }
    const tokens = await openid.genericGrantRequest(await confidential('gw'), grantType, parameters)
    expect(tokens.scope).toBe('read:application')
  })

  it('gets tokens for itself, and asks about a token as the resource server that it is for', async () => {
    const tokens = await openid.clientCredentialsGrant(await confidential('svc'), { resource: target.mcp })
    expect(tokens.scope).toBe('read:application')
    const of = async (clientId: string) =>
      openid.tokenIntrospection(await confidential(clientId), tokens.access_token)
    expect(await of('rs1')).toMatchObject({ active: true, client_id: 'svc', aud: target.mcp })
    expect(await of('rs2')).toEqual({ active: false })
  })

  it('reads its answer from a posted form', async () => {
    const config = await discover('pub')
    const { url, checks } = await request(config, { response_mode: 'form_post' })
    const page = await createBrowser().connectDevice(url)
    const fields = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, decodeHtml(value)],
    )
    const posted = new Request(callback, { method: 'POST', body: new URLSearchParams(fields) })
    const tokens = await openid.authorizationCodeGrant(config, posted, checks)
    expect(tokens.claims()?.aud).toBe('pub')
  })

  it('registers with an initial access token where the server wants one', async () => {
    const closed = await startTarget({ DCR: 'token' })
    try {
      const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'none' }
      const register = (options: openid.DynamicClientRegistrationRequestOptions) =>
        openid.dynamicClientRegistration(new URL(closed.issuer), metadata, openid.None(), {
          execute,
          ...options,
        })
      const config = await register({ initialAccessToken: 'dcr-initial-token' })
      expect(config.clientMetadata().client_id).toBeTypeOf('string')
      await expect(register({})).rejects.toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' })
    } finally {
      await closed.stop()
    }
  })

  it('names two resources, and gets a token for each', async () => {
    const config = await discover('pub')
    const { url, checks } = await request(config)
    const other = `${target.origin}/mcp2`
    url.searchParams.append('resource', other)
    const browser = createBrowser()
    const back = await browser.authorize(url)
    const tokens = await openid.authorizationCodeGrant(config, back, checks, { resource: target.mcp })
    const second = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: other })
    const rs2 = await openid.tokenIntrospection(await confidential('rs2'), second.access_token)
    expect(rs2).toMatchObject({ active: true, aud: other })
  })

  it('does not take an answer of another issuer, or one without its issuer', async () => {
    const config = await discover('pub')
    for (const change of [
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
      (url: URL) => url.searchParams.delete('iss'),
    ]) {
      const { url, checks } = await request(config)
      const back = await createBrowser().authorize(url)
      change(back)
      await expect(openid.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({
        cause: { message: expect.stringMatching(/iss/) },
      })
    }
  })
})

describe('what this server does not offer is not in its metadata, and asking for it is an error', () => {
  it.each([
    ['JARM', { response_mode: 'jwt' }, 'invalid_request'],
    ['the hybrid flow', { response_type: 'code id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['the implicit flow', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
  ])('%s', async (_name, parameters, error) => {
    const config = await discover('pub')
    const { url } = await request(config, parameters)
    const back = await createBrowser().authorize(url)
    expect(back.searchParams.get('error')).toBe(error)
    expect(back.hash).toBe('')
    expect(config.serverMetadata()).toMatchObject({
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
    })
  })

  it('CIBA that pushes tokens', async () => {
    const config = await confidential('desk')
    expect(config.serverMetadata()).toMatchObject({
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_user_code_parameter_supported: false,
    })
    const parameters = { scope: 'openid', login_hint: 'alice', user_code: '1234' }
    await expect(openid.initiateBackchannelAuthentication(config, parameters)).rejects.toMatchObject({
      error: 'invalid_request',
    })
    // And whoever is not registered for it gets nothing by it.
    const others = await confidential('svc')
    const hint = { scope: 'openid', login_hint: 'alice' }
    await expect(openid.initiateBackchannelAuthentication(others, hint)).rejects.toMatchObject({
      error: 'unauthorized_client',
    })
  })

  it('assertions that are signed with a shared secret', async () => {
    const authentication = openid.ClientSecretJwt('svc-secret')
    const config = await openid.discovery(new URL(target.issuer), 'svc', 'svc-secret', authentication, {
      execute,
    })
    expect(config.serverMetadata().token_endpoint_auth_methods_supported).not.toContain('client_secret_jwt')
    await expect(openid.clientCredentialsGrant(config, { resource: target.mcp })).rejects.toMatchObject({
      error: 'invalid_client',
    })
  })
})
