// An authorization server that others wrote, as the issuer of the tokens that a resource server takes
import { defineScopes } from '@gatewright/core'
import { createResourceServer, introspection, tokenProfiles } from '@gatewright/resource-server'
import type { TokenProfile, TrustedAuthorizationServer } from '@gatewright/resource-server'
import { ClientSecretBasic, allowInsecureRequests, clientCredentialsGrantRequest } from 'oauth4webapi'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { foreignIssuer, type Shape } from './support/foreign-issuer.ts'

// It warns on the console that its defaults are for development, which is what they are used for here.
beforeAll(() => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {})
})
afterAll(() => void vi.restoreAllMocks())

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const resource = 'https://mcp.example.com/mcp'
const scopes = defineScopes({ 'read:application': 'View applications' })

async function start(shape?: Shape, format: 'jwt' | 'opaque' = 'jwt') {
  const foreign = await foreignIssuer(format, shape)
  closing.push(foreign.close)
  return foreign
}

async function clientToken(issuer: string): Promise<string> {
  const response = await clientCredentialsGrantRequest(
    { issuer, token_endpoint: `${issuer}/token` },
    { client_id: 'machine' },
    ClientSecretBasic('secret'),
    { resource, scope: 'read:application' },
    { [allowInsecureRequests]: true },
  )
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

function accept(server: TrustedAuthorizationServer, ...others: TrustedAuthorizationServer[]) {
  return createResourceServer({ ...server, authorizationServers: others, resource, scopes })
}

describe('oidc-provider as the authorization server', () => {
  it('its JWT access tokens are those of RFC 9068, and need no profile', async () => {
    const { issuer } = await start()
    const token = await clientToken(issuer)
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
    expect(decodeJwt(token)).toMatchObject({ aud: resource, client_id: 'machine', jti: expect.any(String) })
    expect(await accept({ issuer }).verify(token)).toMatchObject({
      issuer,
      subject: 'machine',
      clientId: 'machine',
      scopes: ['read:application'],
    })
  })

  const shapes: Readonly<Record<keyof typeof tokenProfiles, Shape>> = {
    keycloak: ({ header, payload: { client_id: azp, aud, ...rest } }) => ({
      header: { ...header, typ: 'JWT' },
      payload: { ...rest, azp, aud: [aud, 'account'], typ: 'Bearer' },
    }),
    casdoor: ({ header, payload: { client_id: azp, aud, ...rest } }) => ({
      header: { ...header, typ: 'JWT' },
      payload: { ...rest, azp, aud: [aud], tokenType: 'access-token', owner: 'acme', nonce: 'n' },
    }),
    auth0: ({ header, payload: { client_id: azp, aud, jti: _jti, ...rest } }) => ({
      header: { ...header, typ: 'JWT' },
      payload: { ...rest, azp, aud: [aud, 'https://acme.auth0.com/userinfo'], gty: 'client-credentials' },
    }),
  }

  it.each(Object.keys(shapes) as (keyof typeof shapes)[])(
    'a token in the shape of %s needs its profile',
    async (name) => {
      const { issuer } = await start(shapes[name])
      const token = await clientToken(issuer)
      await expect(accept({ issuer }).verify(token)).rejects.toMatchObject({ code: 'invalid_token' })
      expect(await accept({ issuer, tokens: tokenProfiles[name] }).verify(token)).toMatchObject({
        subject: 'machine',
        clientId: 'machine',
      })
    },
  )

  it('several at one resource, each with its own keys and its own form of tokens', async () => {
    const [one, two, third] = [await start(), await start(shapes.keycloak), await start(shapes.auth0)]
    const api = accept(
      { issuer: one.issuer },
      { issuer: two.issuer, tokens: tokenProfiles.keycloak },
      { issuer: third.issuer, tokens: tokenProfiles.auth0 },
    )
    for (const { issuer } of [one, two, third])
      expect(await api.verify(await clientToken(issuer))).toMatchObject({ issuer })
  })

  it('one of several cannot issue tokens in the name of another', async () => {
    const honest = await start()
    const evil = await start(({ header, payload }) => ({
      header,
      payload: { ...payload, iss: honest.issuer },
    }))
    const api = accept({ issuer: honest.issuer }, { issuer: evil.issuer })
    const forged = await clientToken(evil.issuer)
    expect(decodeJwt(forged).iss).toBe(honest.issuer)
    await expect(api.verify(forged)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await api.verify(await clientToken(honest.issuer))).toMatchObject({ issuer: honest.issuer })
  })

  it('JW-25 its opaque tokens are looked up, and are refused once it has revoked them', async () => {
    const foreign = await start(undefined, 'opaque')
    const { issuer } = foreign
    // It leaves the id out, since there the token is its own id.
    const tokens: TokenProfile = { jti: 'optional' }
    const introspect = introspection({
      issuer,
      endpoint: `${issuer}/token/introspection`,
      clientId: 'machine',
      clientSecret: 'secret',
    })
    const api = createResourceServer({ issuer, tokens, resource, scopes, introspect })
    const { value, revoke } = await foreign.userToken(resource)
    expect(await api.verify(value)).toMatchObject({ subject: 'alice', clientId: 'machine', issuer })
    await expect(api.verify(`${value}x`)).rejects.toMatchObject({ code: 'invalid_token' })
    await revoke()
    await expect(api.verify(value)).rejects.toMatchObject({ code: 'invalid_token' })
    foreign.close()
    await expect(api.verify(value)).rejects.toMatchObject({ code: 'temporarily_unavailable', status: 503 })
  })
})
