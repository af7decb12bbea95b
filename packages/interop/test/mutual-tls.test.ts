// RFC 8705 by clients that others wrote: https://www.rfc-editor.org/rfc/rfc8705.html
import { certificateThumbprint } from '@gatewright/core'
import { selfSigned } from '@gatewright/testkit/adapter'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from './support/browser.ts'
import { startTlsTarget } from './support/start-tls-target.ts'
import type { TlsTarget } from './support/start-tls-target.ts'
import { tlsFetch } from './support/tls-fetch.ts'
import type { Send } from './support/tls-fetch.ts'

// The first is vouched for, by itself; the second has the same subject and nobody who vouches for it.
const trusted = selfSigned('trusted client')
const impostor = selfSigned('trusted client')
const own = selfSigned('a client of its own')
const base64 = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '')

const grants = ['authorization_code', 'refresh_token', 'client_credentials']
const callback = 'https://app.example.com/cb'
const issued = {
  client_id: 'issued',
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_subject_dn: 'CN=trusted client',
  tls_client_certificate_bound_access_tokens: true,
  grant_types: grants,
  redirect_uris: [callback],
  scope: 'openid read:application',
}
const selfMade = {
  ...issued,
  client_id: 'self-made',
  token_endpoint_auth_method: 'self_signed_tls_client_auth',
  tls_client_auth_subject_dn: undefined,
  jwks: { keys: [{ kty: 'EC', x5c: [base64(own.cert)] }] },
}
const listTools = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
const mcpHeaders = () =>
  new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' })

describe('a client that shows a certificate', () => {
  let target: TlsTarget
  let server: oauth.AuthorizationServer
  const as = (end: { cert: string; key: string } | undefined): Send => tlsFetch({ ca: target.ca, ...end })
  const options = (end: { cert: string; key: string } | undefined) => ({ [oauth.customFetch]: as(end) })

  beforeAll(async () => {
    target = await startTlsTarget(trusted.cert, [issued, selfMade])
    const issuer = new URL(target.issuer)
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options(undefined) })
    server = await oauth.processDiscoveryResponse(issuer, response)
  })
  afterAll(() => target.stop())

  const client = { client_id: 'issued', use_mtls_endpoint_aliases: true }
  async function ask(end: { cert: string; key: string } | undefined, as: oauth.Client = client) {
    const parameters = { scope: 'read:application', resource: target.mcp }
    const authentication = oauth.TlsClientAuth()
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      as,
      authentication,
      parameters,
      options(end),
    )
    return oauth.processClientCredentialsResponse(server, as, response)
  }

  it('finds in the metadata where to show it', () => {
    expect(server.mtls_endpoint_aliases).toMatchObject({ token_endpoint: `${target.issuer}/token` })
    expect(server.tls_client_certificate_bound_access_tokens).toBe(true)
  })

  it('gets tokens by the subject of a certificate that is vouched for, and by no other, with oauth4webapi', async () => {
    const { access_token: token } = await ask(trusted)
    const thumbprint = await certificateThumbprint(trusted.cert)
    expect(jose.decodeJwt(token)['cnf']).toEqual({ 'x5t#S256': thumbprint })
    for (const end of [impostor, own, undefined])
      await expect(ask(end)).rejects.toMatchObject({ error: 'invalid_client', status: 401 })
  })

  it('uses its token at the resource with the same certificate alone', async () => {
    const { access_token: token } = await ask(trusted)
    const call = (end: { cert: string; key: string } | undefined) =>
      oauth.protectedResourceRequest(
        token,
        'POST',
        new URL(target.mcp),
        mcpHeaders(),
        listTools,
        options(end),
      )
    expect(await (await call(trusted)).text()).toContain('get_applications')
    for (const end of [impostor, undefined])
      await expect(call(end)).rejects.toMatchObject({ status: 401, cause: [{ scheme: 'bearer' }, {}] })
  })

  it('signs a user in, refreshes and revokes by a certificate of its own, with openid-client', async () => {
    const config = await openid.discovery(
      new URL(target.issuer),
      'self-made',
      { use_mtls_endpoint_aliases: true },
      openid.TlsClientAuth(),
      { [openid.customFetch]: as(own) },
    )
    const verifier = openid.randomPKCECodeVerifier()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid read:application',
      resource: target.mcp,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const browser = createBrowser(as(undefined) as typeof fetch)
    const checks = { pkceCodeVerifier: verifier }
    const tokens = await openid.authorizationCodeGrant(config, await browser.authorize(url), checks)
    expect(tokens.claims()?.sub).toBe('alice')
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await openid.tokenRevocation(config, refreshed.refresh_token ?? '')
    await expect(openid.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(ask(trusted, { ...client, client_id: 'self-made' })).rejects.toMatchObject({
      error: 'invalid_client',
    })
  })
})
