// A provider that others wrote: oidc-provider, listening, with its own login pages
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { customProvider, oidcProvider } from '@gatewright/provider'
import type { Provider } from '@gatewright/provider'
import { exportJWK, generateKeyPair } from 'jose'
import { callback, logInThere, realProvider } from './support/real-provider.ts'

// It warns on the console that its defaults are for development, which is what they are used for here.
beforeAll(() => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {})
})
afterAll(() => void vi.restoreAllMocks())

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

async function start(...parameters: Parameters<typeof realProvider>) {
  const real = await realProvider(...parameters)
  closing.push(real.close)
  return real
}

const ours = {
  id: 'real',
  clientId: 'gatewright',
  clientSecret: 'a-secret+with:odd%characters',
  reach: 'loopback',
  scope: 'openid profile email',
} as const

async function logIn(provider: Provider) {
  const { url, pending } = await provider.start({ redirectUri: callback })
  const back = await logInThere(url, 'alice')
  return provider.finish(back.searchParams, pending)
}

const alice = {
  provider: 'real',
  subject: 'alice',
  claims: {
    name: 'Alice Real',
    preferred_username: 'alice',
    email: 'alice@example.com',
    email_verified: true,
  },
}

describe('oidc-provider as the provider', () => {
  it('P05 with PKCE required and an encoded Basic secret', async () => {
    const { issuer } = await start(
      { token_endpoint_auth_method: 'client_secret_basic' },
      { pkce: { required: () => true } },
    )
    const { identity, tokens } = await logIn(oidcProvider({ ...ours, issuer }))
    expect(identity).toMatchObject({ ...alice, issuer })
    expect(tokens.idToken).toBeTruthy()
    expect(tokens.refreshToken).toBeTruthy()
  })

  it('P05 without PKCE is refused where it is required, and works where it is not', async () => {
    const strict = await start({}, { pkce: { required: () => true } })
    const provider = oidcProvider({ ...ours, issuer: strict.issuer, pkce: false })
    const { url, pending } = await provider.start({ redirectUri: callback })
    const back = await logInThere(url, 'alice')
    await expect(provider.finish(back.searchParams, pending)).rejects.toMatchObject({ code: 'server_error' })
    const lax = await start({}, { pkce: { required: () => false } })
    expect((await logIn(oidcProvider({ ...ours, issuer: lax.issuer, pkce: false }))).identity).toMatchObject(
      alice,
    )
  })

  it('P07 with the secret in the form', async () => {
    const { issuer } = await start({ token_endpoint_auth_method: 'client_secret_post' })
    const provider = oidcProvider({ ...ours, clientAuthentication: 'client_secret_post', issuer })
    expect((await logIn(provider)).identity).toMatchObject(alice)
    const wrong = {
      ...ours,
      clientSecret: 'wrong',
      clientAuthentication: 'client_secret_post',
      issuer,
    } as const
    await expect(logIn(oidcProvider(wrong))).rejects.toMatchObject({ code: 'server_error' })
  })

  it('P07 with a signed assertion', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const [jwk, privateJwk] = [await exportJWK(pair.publicKey), await exportJWK(pair.privateKey)]
    const { issuer } = await start({
      client_secret: undefined,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...jwk, alg: 'ES256', kid: 'ours', use: 'sig' }] },
    })
    const { clientSecret: _secret, ...rest } = ours
    const privateKey = { ...privateJwk, alg: 'ES256', kid: 'ours' } as JsonWebKey
    const provider = oidcProvider({ ...rest, clientAuthentication: 'private_key_jwt', privateKey, issuer })
    expect((await logIn(provider)).identity).toMatchObject(alice)
  })

  it('P13 without a userinfo endpoint: the ID token has the claims', async () => {
    const { issuer } = await start(
      {},
      { features: { userinfo: { enabled: false } }, conformIdTokenClaims: false },
    )
    expect((await logIn(oidcProvider({ ...ours, issuer }))).identity).toMatchObject(alice)
  })

  it('P09 with signed userinfo', async () => {
    const { issuer } = await start(
      { userinfo_signed_response_alg: 'RS256' },
      { features: { jwtUserinfo: { enabled: true } } },
    )
    expect((await logIn(oidcProvider({ ...ours, issuer }))).identity).toMatchObject(alice)
  })

  it('P01 P03 as plain OAuth 2.0, by its URLs alone', async () => {
    const { issuer } = await start({})
    const provider = customProvider({
      ...ours,
      authorizationUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      userinfoUrl: `${issuer}/me`,
    })
    const { identity, tokens } = await logIn(provider)
    expect(identity).toMatchObject({ ...alice, issuer })
    expect(tokens.idToken).toBeUndefined()
  })

  it('refreshes and gives tokens back; then they are over', async () => {
    const { issuer } = await start({}, { features: { revocation: { enabled: true } } })
    const provider = oidcProvider({ ...ours, issuer })
    const { tokens } = await logIn(provider)
    const refreshed = await provider.refresh(tokens)
    expect(refreshed.accessToken).not.toBe(tokens.accessToken)
    expect(await provider.revoke(refreshed)).toBe(true)
    await expect(provider.refresh(refreshed)).rejects.toMatchObject({ code: 'invalid_grant' })
  })
})
