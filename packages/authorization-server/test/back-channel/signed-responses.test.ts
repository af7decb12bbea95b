// OpenID Connect Core 1.0 §5.3.2 and RFC 9701: answers that their reader can prove to others
import { dynamicRegistration, registered } from '@gatewright/authorization-server'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { claimsOf } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { issuer, mcp, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

/** Checks a signed answer as the client that it is for. */
async function open(test: TestServer, jwt: string, typ: string, audience: string) {
  const { keys } = await test.server.jwks()
  return jwtVerify(jwt, createLocalJWKSet({ keys }), {
    issuer,
    audience,
    typ,
    currentDate: new Date(test.clock.now()),
  })
}

const identity = { scope: 'openid email', resource: undefined }

async function askUserinfo(test: TestServer, token: string | undefined) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await test.server.handle(new Request(`${issuer}/userinfo`, { headers }))
  if (response === undefined) throw new Error('/userinfo is not answered')
  return {
    type: response.headers.get('content-type'),
    headers: response.headers,
    text: await response.text(),
  }
}

describe('userinfo', () => {
  const client = { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] }

  it('is signed for a client that is registered for it, and names that client', async () => {
    const test = testServer({ clients: [registered({ ...client, userinfo_signed_response_alg: 'ES256' })] })
    const { accessToken } = await obtainTokens(test, identity)
    const { type, headers, text } = await askUserinfo(test, accessToken)
    expect([type, headers.get('cache-control')]).toEqual(['application/jwt', 'no-store'])
    const { payload, protectedHeader } = await open(test, text, 'JWT', 'claude-desktop-mcp')
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload).toMatchObject({ sub: 'alice', email: 'alice@example.com' })
    expect(Object.keys(payload)).not.toContain('name')
  })

  it('cannot name another issuer or audience or pass for an ID token, whatever the transformer says', async () => {
    const test = testServer({
      clients: [registered({ ...client, userinfo_signed_response_alg: 'ES256' })],
      userinfo: (claims) => ({
        ...claims,
        iss: 'https://evil.example',
        aud: 'other',
        exp: 9_999_999_999,
        auth_time: 1,
        uid: claims['sub'],
      }),
    })
    const { accessToken } = await obtainTokens(test, identity)
    const { text } = await askUserinfo(test, accessToken)
    const { payload } = await open(test, text, 'JWT', 'claude-desktop-mcp')
    expect(payload).toMatchObject({ uid: 'alice' })
    // Or it would pass for an ID token.
    expect(payload).not.toHaveProperty('exp')
  })

  it('is plain for everybody else', async () => {
    const test = testServer({ clients: [registered(client)] })
    const { accessToken } = await obtainTokens(test, identity)
    expect((await askUserinfo(test, accessToken)).type).toBe('application/json')
  })

  it('is signed with an algorithm that the server has, or the client is told at its registration', async () => {
    const wrong = { ...client, userinfo_signed_response_alg: 'RS256' }
    expect(() => testServer({ clients: [registered(wrong)] })).toThrow(
      'userinfo_signed_response_alg names "RS256", but this server has ES256',
    )
    const test = testServer({ clients: [dynamicRegistration({ mode: 'open' })] })
    const registering = async (algorithm: string) =>
      (await register(test, { ...nativeClient, userinfo_signed_response_alg: algorithm })).json
    expect(await registering('RS256')).not.toHaveProperty('userinfo_signed_response_alg')
    const { client_id: clientId, userinfo_signed_response_alg: algorithm } = await registering('ES256')
    expect(algorithm).toBe('ES256')
    const { accessToken } = await obtainTokens(test, { ...identity, client_id: clientId })
    expect((await askUserinfo(test, accessToken)).type).toBe('application/jwt')
    expect(await test.server.metadata()).toMatchObject({ userinfo_signing_alg_values_supported: ['ES256'] })
  })
})

describe('introspection', () => {
  async function ask(test: TestServer, token: string | undefined, caller: string, accept?: string) {
    const response = await test.server.handle(
      new Request(`${issuer}/introspect`, {
        method: 'POST',
        body: new URLSearchParams({ token: token ?? '' }),
        headers: { authorization: `Basic ${btoa(as(caller))}`, ...(accept === undefined ? {} : { accept }) },
      }),
      { ip: '192.0.2.1' },
    )
    if (response === undefined) throw new Error('/introspect is not answered')
    return { type: response.headers.get('content-type'), text: await response.text() }
  }
  const jwtType = 'application/token-introspection+jwt'

  it.each(['jwt', 'opaque'] as const)(
    'RV-11 is signed for a resource server that asks for that, and for nobody else (%s)',
    async (accessTokenFormat) => {
      const test = serviceServer({ accessTokenFormat })
      const { accessToken } = await obtainTokens(test)
      const { type, text } = await ask(test, accessToken, 'rs1', jwtType)
      expect(type).toBe(jwtType)
      const { payload } = await open(test, text, 'token-introspection+jwt', 'rs1')
      expect(Object.keys(payload).toSorted()).toEqual(['aud', 'iat', 'iss', 'token_introspection'])
      const plain = await ask(test, accessToken, 'rs1')
      expect(plain.type).toBe('application/json')
      expect(payload['token_introspection']).toEqual(JSON.parse(plain.text))
      expect(payload['token_introspection']).toMatchObject({ active: true, aud: mcp, sub: 'alice' })
    },
  )

  it('RV-09 tells no more of a token in a JWT than without one', async () => {
    const test = serviceServer()
    const { accessToken } = await obtainTokens(test)
    for (const [token, caller] of [
      ['unknown', 'rs1'],
      [accessToken, 'rs2'],
    ] as const) {
      const { text } = await ask(test, token, caller, jwtType)
      expect(claimsOf(text)['token_introspection']).toEqual({ active: false })
    }
  })

  it('is no access token, although the same keys sign it', async () => {
    const test = serviceServer()
    const { accessToken } = await obtainTokens(test)
    const { text } = await ask(test, accessToken, 'rs1', jwtType)
    expect(await test.server.introspect(text)).toBeUndefined()
    expect(await test.server.metadata()).toMatchObject({
      introspection_signing_alg_values_supported: ['ES256'],
    })
  })
})
