// OpenID Connect Core 1.0 §5.3.2 and RFC 9701: answers that their reader can prove to others
import { dynamicRegistration, externalKeys, registered } from '@gatewright/authorization-server'
import { encodeBase64url } from '@gatewright/core'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { claimsOf, obtainCode, redeem } from '../support/flow.ts'
import { nativeClient, register } from '../support/registration.ts'
import { signerOf } from '../support/signers.ts'
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

  it('is signed for a client that registered itself for it', async () => {
    const test = testServer({ clients: [dynamicRegistration({ mode: 'open' })] })
    const { json } = await register(test, { ...nativeClient, userinfo_signed_response_alg: 'ES256' })
    const { client_id: clientId, userinfo_signed_response_alg: algorithm } = json
    expect(algorithm).toBe('ES256')
    const { accessToken } = await obtainTokens(test, { ...identity, client_id: clientId })
    expect((await askUserinfo(test, accessToken)).type).toBe('application/jwt')
    expect(await test.server.metadata()).toMatchObject({ userinfo_signing_alg_values_supported: ['ES256'] })
  })
})

describe('the algorithm that a client is registered for', () => {
  const names = [
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
    'introspection_signed_response_alg',
  ] as const
  const client = { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] }
  const rs256 = Object.fromEntries(names.map((name) => [name, 'RS256']))

  it.each(names)('is one that the server has, or nobody gets past the registration: %s', async (name) => {
    for (const algorithm of ['RS256', 'none', 'HS256']) {
      const message = `${name} names "${algorithm}", but this server has ES256`
      expect(() => testServer({ clients: [registered({ ...client, [name]: algorithm })] })).toThrow(message)
      const test = testServer({ clients: [dynamicRegistration({ mode: 'open' })] })
      const { status, json } = await register(test, { ...nativeClient, [name]: algorithm })
      expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
      expect(json.error_description).toContain(`${name} names '${algorithm}'`)
    }
    const test = testServer({ clients: [dynamicRegistration({ mode: 'open' })] })
    expect((await register(test, { ...nativeClient, [name]: 'ES256' })).json).toMatchObject({
      [name]: 'ES256',
    })
  })

  it('signs what the client gets, and nothing else', async () => {
    const keys = externalKeys(await signerOf('ES256'), await signerOf('RS256'))
    const test = testServer({
      keys,
      clients: [registered({ ...client, ...rs256 }, { ...client, client_id: 'pub' })],
    })
    const { accessToken, tokens } = await obtainTokens(test, identity)
    const verified = await open(test, tokens.id_token ?? '', 'JWT', 'claude-desktop-mcp')
    expect(verified.protectedHeader.alg).toBe('RS256')
    const hash = new Uint8Array(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken ?? '')),
    )
    expect(verified.payload['at_hash']).toBe(encodeBase64url(hash.slice(0, 16)))
    const { text } = await askUserinfo(test, accessToken)
    expect((await open(test, text, 'JWT', 'claude-desktop-mcp')).protectedHeader.alg).toBe('RS256')
    expect(decodeProtectedHeader(accessToken ?? '').alg).toBe('ES256')
    const { tokens: others } = await obtainTokens(test, { ...identity, client_id: 'pub' })
    expect(decodeProtectedHeader(others.id_token ?? '').alg).toBe('ES256')
  })

  it('is never replaced by another, when keys of the integrator lack it', async () => {
    const keys = externalKeys(await signerOf('ES256'), await signerOf('RS256'))
    const careless: typeof keys = {
      ...keys,
      open(services) {
        const ring = keys.open(services)
        return { ...ring, signer: (now) => ring.signer(now) }
      },
    }
    const test = testServer({ keys: careless, clients: [registered({ ...client, ...rs256 })] })
    const obtained = await obtainCode(test, identity)
    const { status, json } = await redeem(test, obtained, { resource: undefined })
    expect([status, json.error]).toEqual([500, 'server_error'])
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

  it('RV-11 is always signed for a resource server that is registered for that', async () => {
    const algorithm = { introspection_signed_response_alg: 'ES256' }
    const resourceServer = { client_id: 'rs1', client_secret: 'rs1-secret', grant_types: [], serves: [mcp] }
    const test = testServer({
      clients: [
        registered(
          { ...resourceServer, ...algorithm },
          { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        ),
      ],
    })
    const { accessToken } = await obtainTokens(test)
    for (const accept of [undefined, 'application/json']) {
      const { type, text } = await ask(test, accessToken, 'rs1', accept)
      expect(type).toBe(jwtType)
      const { payload } = await open(test, text, 'token-introspection+jwt', 'rs1')
      expect(payload['token_introspection']).toMatchObject({ active: true, sub: 'alice' })
    }
  })

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
