// The flows beside the code in the query, as two clients that were written by others know them.
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser, decodeHtml } from './support/browser.ts'
import { discover, http, loopbackCallback, signIn, validate } from './support/oauth4webapi-flow.ts'
import { authorizePushed, signInPushed } from './support/pushed-request.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const idp = 'https://idp.example.com'
const webCallback = 'http://127.0.0.1:4900/cb'
const pub = { client_id: 'pub' }
const gateway = { client_id: 'gw' }
const gatewaySecret = oauth.ClientSecretBasic('gw-secret')
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`

let target: RunningTarget
let server: oauth.AuthorizationServer
let idpKey: jose.CryptoKey

beforeAll(async () => {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256')
  idpKey = privateKey
  const jwks = JSON.stringify({ keys: [{ ...(await jose.exportJWK(publicKey)), alg: 'ES256' }] })
  target = await startTarget({ TRUSTED_IDP_ISSUER: idp, TRUSTED_IDP_JWKS: jwks })
  server = await discover(target.issuer, 'oauth2')
})
afterAll(() => target.stop())

describe('oauth4webapi', () => {
  it('connects a device', async () => {
    const parameters = { scope: 'read:application', resource: target.mcp }
    const answer = await oauth.deviceAuthorizationRequest(server, pub, oauth.None(), parameters, http)
    const device = await oauth.processDeviceAuthorizationResponse(server, pub, answer)
    const poll = async () => {
      const code = device.device_code
      const response = await oauth.deviceCodeGrantRequest(server, pub, oauth.None(), code, http)
      return oauth.processDeviceCodeResponse(server, pub, response)
    }
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
    await expect(poll()).rejects.toMatchObject({ error: 'slow_down' })
    const page = await createBrowser().connectDevice(device.verification_uri_complete ?? '')
    expect(page).toContain('Your device is connected')
    const tokens = await poll()
    expect(tokens.refresh_token).toBeTypeOf('string')
    expect((await validate(server, tokens.access_token, target.mcp)).sub).toBe('alice')
  })

  it('asks for a user in the background', async () => {
    const desk = { client_id: 'desk' }
    const secret = oauth.ClientSecretBasic('desk-secret')
    const parameters = {
      scope: 'openid read:application',
      resource: target.mcp,
      login_hint: 'alice',
      binding_message: 'Ticket 4711',
    }
    const answer = await oauth.backchannelAuthenticationRequest(server, desk, secret, parameters, http)
    const started = await oauth.processBackchannelAuthenticationResponse(server, desk, answer)
    const poll = async () => {
      const id = started.auth_req_id
      const response = await oauth.backchannelAuthenticationGrantRequest(server, desk, secret, id, http)
      return oauth.processBackchannelAuthenticationGrantResponse(server, desk, response)
    }
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
    const inbox = (await (await fetch(`${target.origin}/__inbox`)).text()).trim().split('\n')
    const asked = JSON.parse(inbox.at(-1) ?? '') as { url: string; bindingMessage: string }
    expect(asked.bindingMessage).toBe('Ticket 4711')
    expect(await createBrowser().connectDevice(asked.url)).toContain('Request approved')
    const tokens = await poll()
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: 'desk' })
    expect((await validate(server, tokens.access_token, target.mcp)).sub).toBe('alice')
  })

  it('is told that the user denied a device', async () => {
    const answer = await oauth.deviceAuthorizationRequest(
      server,
      pub,
      oauth.None(),
      { resource: target.mcp },
      http,
    )
    const device = await oauth.processDeviceAuthorizationResponse(server, pub, answer)
    await createBrowser().connectDevice(device.verification_uri_complete ?? '', { allow: () => false })
    const response = await oauth.deviceCodeGrantRequest(server, pub, oauth.None(), device.device_code, http)
    const refused = oauth.processDeviceCodeResponse(server, pub, response)
    await expect(refused).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('pushes its request', async () => {
    const client = { client_id: 'web' }
    const authentication = oauth.ClientSecretBasic('web-secret')
    const asked = { redirect_uri: webCallback, scope: 'read:application', resource: target.mcp }
    const { url, tokens } = await signInPushed(server, client, authentication, asked)
    expect(tokens.scope).toBe('read:application')
    await expect(createBrowser().authorize(url)).rejects.toThrow(/has expired/)
  })

  it('gets its answer in a posted form', async () => {
    const verifier = oauth.generateRandomCodeVerifier()
    const url = new URL(server.authorization_endpoint ?? '')
    url.search = new URLSearchParams({
      client_id: 'pub',
      redirect_uri: loopbackCallback,
      response_type: 'code',
      response_mode: 'form_post',
      scope: 'read:application',
      resource: target.mcp,
      state: 'a state',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString()
    const page = await createBrowser().connectDevice(url)
    expect(page).toContain(`<form method="post" action="${loopbackCallback}">`)
    const fields = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, decodeHtml(value)],
    )
    const code = oauth.validateAuthResponse(server, pub, new URLSearchParams(fields), 'a state')
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      pub,
      oauth.None(),
      code,
      loopbackCallback,
      verifier,
      http,
    )
    expect((await oauth.processAuthorizationCodeResponse(server, pub, response)).access_token).toBeTypeOf(
      'string',
    )
  })

  it('exchanges a token', async () => {
    const { access_token: token } = await signIn({ server, client: pub })
    const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
    const other = `${target.origin}/mcp2`
    const parameters = {
      subject_token: token,
      subject_token_type: type('access_token'),
      resource: other,
    }
    const response = await oauth.genericTokenEndpointRequest(
      server,
      gateway,
      gatewaySecret,
      grantType,
      parameters,
      http,
    )
    const tokens = await oauth.processGenericTokenEndpointResponse(server, gateway, response)
    expect(tokens['issued_token_type']).toBe(type('access_token'))
    expect(await validate(server, tokens.access_token, other)).toMatchObject({
      sub: 'alice',
      client_id: 'gw',
      act: { sub: 'gw' },
    })
  })

  it('presents an identity assertion, once', async () => {
    const assertion = await new jose.SignJWT({ client_id: 'gw', scope: 'read:application' })
      .setProtectedHeader({ alg: 'ES256', typ: 'oauth-id-jag+jwt' })
      .setIssuer(idp)
      .setSubject('bob')
      .setAudience(target.issuer)
      .setJti('assertion-1')
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(idpKey)
    const present = async () => {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        gateway,
        gatewaySecret,
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        { assertion, resource: target.mcp },
        http,
      )
      return oauth.processGenericTokenEndpointResponse(server, gateway, response)
    }
    const { access_token: token, scope } = await present()
    expect(scope).toBe('read:application')
    expect((await validate(server, token, target.mcp)).sub).toBe('bob')
    await expect(present()).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})

describe('openid-client', () => {
  const execute = [openid.allowInsecureRequests]

  it('pushes its request and goes on from the URL that it builds', async () => {
    const config = await openid.discovery(
      new URL(target.issuer),
      'web',
      'web-secret',
      openid.ClientSecretBasic('web-secret'),
      { execute },
    )
    const asked = { redirect_uri: webCallback, scope: 'openid email' }
    const { url, callback, checks } = await authorizePushed(config, asked)
    expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri'])
    const tokens = await openid.authorizationCodeGrant(config, callback, checks)
    expect(tokens.claims()).toMatchObject({ sub: 'alice', email: 'alice@example.com' })
  })

  it('starts a device and exchanges a token', async () => {
    const device = await openid.discovery(new URL(target.issuer), 'pub', undefined, openid.None(), {
      execute,
    })
    const started = await openid.initiateDeviceAuthorization(device, { resource: target.mcp })
    expect(started.verification_uri).toBe(`${target.origin}/device`)
    const config = await openid.discovery(
      new URL(target.issuer),
      'gw',
      'gw-secret',
      openid.ClientSecretBasic('gw-secret'),
      { execute },
    )
    const { access_token: token } = await signIn({ server, client: pub })
    const tokens = await openid.genericGrantRequest(
      config,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      { subject_token: token, subject_token_type: type('access_token'), resource: `${target.origin}/mcp2` },
    )
    expect(tokens.scope).toBe('read:application')
  })
})
