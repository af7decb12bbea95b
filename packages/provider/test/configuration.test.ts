// P01-P18: what can be configured, and what reaches the provider
import { describe, expect, it } from 'vitest'
import { createFakeProvider } from '@gatewright/testkit'
import { customProvider, oidcProvider, presets } from '@gatewright/provider'
import type { CustomProviderOptions } from '@gatewright/provider'
import { exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { callback, connectCustom, connectOidc, logIn } from './support/connect.ts'

const sound: CustomProviderOptions = {
  id: 'custom',
  clientId: 'client',
  clientSecret: 'client-secret',
  authorizationUrl: 'https://up.example.net/authorize',
  tokenUrl: 'https://up.example.net/token',
  userinfoUrl: 'https://up.example.net/userinfo',
}
const as = (options: object) => options as CustomProviderOptions

describe('customProvider', () => {
  it('P04 keeps a query that the authorization URL has, and asks for a code', async () => {
    const { provider } = connectCustom({ authorizationUrl: 'https://up.example.net/authorize?tenant=a%20b' })
    const { url, pending } = await provider.start({ redirectUri: callback })
    const { origin, pathname, searchParams } = new URL(url)
    expect(origin + pathname).toBe('https://up.example.net/authorize')
    expect(Object.fromEntries(searchParams)).toMatchObject({
      tenant: 'a b',
      client_id: 'client',
      redirect_uri: callback,
      scope: 'profile email',
      response_type: 'code',
      state: pending.state,
      code_challenge_method: 'S256',
    })
    expect(searchParams.has('nonce')).toBe(false)
    expect(url).not.toContain(pending.codeVerifier)
  })

  it('P05 leaves the challenge out where PKCE is off, and the verifier with it', async () => {
    const connection = connectCustom({ pkce: false })
    const { url, pending } = await connection.provider.start({ redirectUri: callback })
    expect(url).not.toContain('code_challenge')
    expect(pending.codeVerifier).toBeUndefined()
    await connection.provider.finish(connection.up.login(url).searchParams, pending)
    const token = connection.up.requests.find(({ url: asked }) => asked.pathname === '/token')
    expect(Object.fromEntries(token?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: token?.form.get('code'),
      redirect_uri: callback,
    })
  })

  it('P07 authenticates by Basic unless told otherwise: encoded, raw, by the form, or not at all', async () => {
    const clientSecret = 'a-b+c:d%e f'
    const basicOf = (text: string) => `Basic ${btoa(text)}`
    const sent: Readonly<Record<string, string | null>> = {
      default: basicOf('client:a%2Db%2Bc%3Ad%25e+f'),
      client_secret_basic: basicOf('client:a%2Db%2Bc%3Ad%25e+f'),
      client_secret_basic_raw: basicOf(`client:${clientSecret}`),
      client_secret_post: null,
      none: null,
    }
    for (const [method, header] of Object.entries(sent)) {
      const authentication = method === 'default' ? {} : { clientAuthentication: method }
      const connection = connectCustom(as({ clientSecret, ...authentication }), {
        clientSecret: method === 'none' ? undefined : clientSecret,
      })
      expect((await logIn(connection)).identity.subject, method).toBe('up-alice')
      const request = connection.up.requests.find(({ url }) => url.pathname === '/token')
      expect(request?.headers.get('authorization'), method).toBe(header)
      expect(request?.form.get('client_secret'), method).toBe(
        method === 'client_secret_post' ? clientSecret : null,
      )
      expect(request?.form.get('client_id'), method).toBe(header === null ? 'client' : null)
    }
  })

  it('P07 authenticates by an assertion that is made out to the issuer', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'ours' }
    const connection = connectCustom(
      as({
        clientSecret: undefined,
        clientAuthentication: 'private_key_jwt',
        privateKey: jwk,
        issuer: 'https://up.example.net',
      }),
      { clientSecret: undefined },
    )
    await logIn(connection)
    const request = connection.up.requests.find(({ url }) => url.pathname === '/token')
    const { payload, protectedHeader } = await jwtVerify(
      request?.form.get('client_assertion') ?? '',
      publicKey,
      {
        audience: 'https://up.example.net',
        issuer: 'client',
        subject: 'client',
      },
    )
    expect(payload.jti).toBeTruthy()
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'ours' })
  })

  it('P08 takes a form-encoded token response, and an expiry as text', async () => {
    const connection = connectCustom()
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json']) {
      connection.up.behave({
        token: (body) =>
          new Response(new URLSearchParams({ ...body, expires_in: '10080' }).toString(), {
            headers: { 'content-type': type },
          }),
      })
      const { tokens } = await logIn(connection)
      expect(tokens.expiresAt, type).toBe(connection.clock.now() + 10_080_000)
    }
    connection.up.behave({ token: (body) => ({ ...body, expires_in: '10080' }) })
    const { tokens } = await logIn(connection)
    expect(tokens).toMatchObject({ expiresAt: connection.clock.now() + 10_080_000, scope: 'profile email' })
    expect(tokens.refreshToken).toBeTruthy()
  })

  it('P08 needs neither refresh token, expiry nor scope', async () => {
    const connection = connectCustom()
    connection.up.behave({ token: ({ access_token }) => ({ access_token, token_type: 'bearer' }) })
    expect(Object.keys((await logIn(connection)).tokens)).toEqual(['accessToken'])
  })

  it('P09 the body of an error is no user, whatever it says', async () => {
    for (const status of [201, 204, 302, 400, 401, 403, 500]) {
      const connection = connectCustom()
      const body = status === 204 ? null : JSON.stringify({ sub: 'up-alice', name: 'Alice' })
      connection.up.behave({ userinfo: () => new Response(body, { status }) })
      await expect(logIn(connection), String(status)).rejects.toMatchObject({ code: 'server_error' })
    }
    for (const body of ['', 'null', '[]', '"alice"', '{"sub":', '<html>']) {
      const connection = connectCustom()
      connection.up.behave({ userinfo: () => new Response(body) })
      await expect(logIn(connection), body).rejects.toMatchObject({ code: 'server_error' })
    }
  })

  it('P09 takes signed userinfo when it knows the keys, and refuses it otherwise or when it is not for us', async () => {
    const signed = { issuer: 'https://up.example.net', jwksUrl: 'https://up.example.net/jwks' }
    const connection = connectCustom(signed)
    connection.up.behave({ signsUserinfo: true })
    expect((await logIn(connection)).identity.subject).toBe('up-alice')
    connection.up.behave({ signsUserinfo: true, userinfo: (claims) => ({ ...claims, aud: 'another' }) })
    await expect(logIn(connection)).rejects.toMatchObject({ code: 'server_error' })
    const without = connectCustom()
    without.up.behave({ signsUserinfo: true })
    await expect(logIn(without)).rejects.toMatchObject({ code: 'server_error' })
  })

  it('P13 takes the user from a verified ID token where there is no userinfo', async () => {
    const idOnly = {
      userinfoUrl: undefined,
      scope: 'openid',
      issuer: 'https://up.example.net',
      jwksUrl: 'https://up.example.net/jwks',
    }
    const connection = connectCustom(as(idOnly))
    expect((await logIn(connection)).identity).toMatchObject({
      subject: 'up-alice',
      issuer: 'https://up.example.net',
    })
    connection.up.behave({ signedIdToken: (jwt) => `${jwt.slice(0, -8)}AAAAAAAA` })
    await expect(logIn(connection)).rejects.toMatchObject({ code: 'server_error' })
    for (const missing of ['jwksUrl', 'issuer'])
      expect(() => connectCustom(as({ ...idOnly, [missing]: undefined }))).toThrow(
        'verifying it takes issuer and jwksUrl',
      )
  })

  it('P13 never uses an ID token that it cannot verify', async () => {
    const connection = connectCustom({ scope: 'openid profile' })
    connection.up.behave({
      idToken: ({ header, claims }) => ({
        header: { ...header, alg: 'none' },
        claims: { ...claims, sub: 'up-bob' },
      }),
    })
    const { identity, tokens } = await logIn(connection)
    expect(identity.subject).toBe('up-alice')
    expect(tokens.idToken).toBeUndefined()
  })

  it('UP-31 refuses to exist without what it needs', () => {
    const wrong: Readonly<Record<string, object>> = {
      'id is missing': { id: '' },
      'clientId is missing': { clientId: undefined },
      'clientSecret is missing': { clientSecret: undefined },
      'clientSecret is missing;': { clientSecret: '' },
      'privateKey must be a private JWK': {
        clientAuthentication: 'private_key_jwt',
        issuer: 'https://up.example.net',
      },
      'private_key_jwt needs issuer': { clientAuthentication: 'private_key_jwt', privateKey: {} },
      'is unknown': { clientAuthentication: 'client_secret_jwt' },
      'authorizationUrl is missing': { authorizationUrl: undefined },
      'tokenUrl is missing': { tokenUrl: '' },
      'tokenUrl must be an absolute http(s) URL': { tokenUrl: '/token' },
      'userinfoUrl must be an absolute': { userinfoUrl: 'javascript:alert(1)' },
      'must have neither credentials': { tokenUrl: 'https://a:b@up.example.net/token' },
      'jwksUrl needs issuer': { jwksUrl: 'https://up.example.net/jwks' },
      'logoUri must be': { logoUri: 'javascript:alert(1)' },
      'must be a path, a list of paths or a function': { claims: { name: 7 } },
      'cannot be named': { claims: { ['__proto__']: 'a' } },
    }
    for (const [message, change] of Object.entries(wrong)) {
      const own =
        'claims' in change && message === 'cannot be named'
          ? { claims: JSON.parse('{"__proto__":"a"}') }
          : change
      expect(() => customProvider(as({ ...sound, ...own })), message).toThrow(message)
    }
    expect(() => oidcProvider({ ...sound, issuer: 'https://up.example.net', scope: 'profile' })).toThrow(
      'openid',
    )
  })

  it('UP-26 refuses parameters that are the login’s own, in the options and in the URL', () => {
    for (const name of [
      'state',
      'redirect_uri',
      'nonce',
      'scope',
      'code_challenge',
      'code_challenge_method',
      'client_id',
      'response_type',
      'response_mode',
      'request',
      'request_uri',
    ]) {
      expect(() => customProvider({ ...sound, authorizationParameters: { [name]: 'x' } }), name).toThrow(
        `"${name}" is set by the login itself`,
      )
      expect(
        () => customProvider({ ...sound, authorizationUrl: `https://up.example.net/a?${name}=x` }),
        name,
      ).toThrow(name)
    }
    expect(() =>
      customProvider({ ...sound, fetch, authorizationParameters: { access_type: 'offline' } }),
    ).not.toThrow()
  })

  it('UP-04 a login that was started at one provider cannot be finished at another', async () => {
    const [one, other] = [connectCustom({ id: 'one' }), connectCustom({ id: 'other' })]
    const { url, pending } = await one.provider.start({ redirectUri: callback })
    const back = one.up.login(url).searchParams
    await expect(other.provider.finish(back, pending)).rejects.toMatchObject({ code: 'invalid_request' })
    expect(other.up.requests).toEqual([])
  })

  it('P17 gives tokens back, by the URL that was configured or discovered, and says when there is none', async () => {
    const connection = connectOidc()
    const { tokens } = await logIn(connection)
    expect(await connection.provider.revoke(tokens)).toBe(true)
    const request = connection.up.requests.find(({ url }) => url.pathname === '/revoke')
    expect(request?.form.get('token')).toBe(tokens.refreshToken)
    await expect(connection.provider.refresh(tokens)).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(await connectCustom().provider.revoke(tokens)).toBe(false)
    expect(
      await connectCustom({ revocationUrl: 'https://up.example.net/revoke' }).provider.revoke(tokens),
    ).toBe(true)
  })

  it('P17 knows where to log out there', async () => {
    const url = await connectOidc().provider.logoutUrl({
      idToken: 'x.y.z',
      postLogoutRedirectUri: 'https://app.example.com/',
      state: 's',
    })
    expect(url).toBe(
      'https://up.example.net/logout?client_id=client&id_token_hint=x.y.z&post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2F&state=s',
    )
    expect(await connectCustom().provider.logoutUrl()).toBeUndefined()
    expect(await connectCustom({ logoutUrl: 'https://up.example.net/bye?x=1' }).provider.logoutUrl()).toBe(
      'https://up.example.net/bye?x=1&client_id=client',
    )
  })
})

describe('oidcProvider', () => {
  it('asks for the metadata once, however many logins wait, and again after an hour', async () => {
    const { up, provider, clock } = connectOidc()
    const asked = () => up.requests.filter(({ url }) => url.pathname.startsWith('/.well-known')).length
    await Promise.all(Array.from({ length: 20 }, () => provider.start({ redirectUri: callback })))
    expect(asked()).toBe(1)
    clock.advance(3601)
    await provider.start({ redirectUri: callback })
    expect(asked()).toBe(2)
  })

  it('UP-25 does not start with the metadata of another issuer', async () => {
    for (const issuer of [
      'https://evil.example',
      'https://up.example.net/',
      'https://UP.example.net',
      undefined,
      7,
    ]) {
      const { up, provider } = connectOidc()
      up.behave({ discovery: (document) => ({ ...document, issuer }) })
      await expect(provider.prepare(), String(issuer)).rejects.toThrow()
      await expect(provider.start({ redirectUri: callback })).rejects.toMatchObject({ code: 'server_error' })
      // An outage or a mistake over there does not need a restart here.
      up.behave({})
      await provider.prepare()
    }
  })

  it('UP-25 does not start with metadata that lacks an endpoint', async () => {
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
      const { up, provider } = connectOidc()
      up.behave({ discovery: (document) => ({ ...document, [name]: undefined }) })
      await expect(provider.prepare()).rejects.toThrow(name)
    }
  })

  it('UP-08 a discovery document cannot talk it into none or shared secrets', async () => {
    for (const alg of ['none', 'HS256']) {
      const connection = connectOidc()
      connection.up.behave({
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: [alg] }),
        idToken: ({ header, claims }) => ({ header: { ...header, alg }, claims }),
      })
      await expect(logIn(connection)).rejects.toMatchObject({ code: 'server_error' })
    }
  })

  it('passes hints on, and asks for a fresh login when one is wanted', async () => {
    const { provider } = connectOidc()
    const { url } = await provider.start({
      redirectUri: callback,
      loginHint: 'alice',
      uiLocales: ['de', 'en'],
      freshLogin: true,
    })
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      login_hint: 'alice',
      ui_locales: 'de en',
      prompt: 'login',
    })
  })

  it('tells when and how the user authenticated there', async () => {
    const connection = connectOidc()
    connection.up.behave({
      idToken: ({ header, claims }) => ({
        header,
        claims: { ...claims, auth_time: 1_700_000_000, amr: ['mfa'] },
      }),
    })
    expect((await logIn(connection)).identity).toMatchObject({
      authenticatedAt: 1_700_000_000_000,
      amr: ['mfa'],
    })
  })
})

describe('the presets', () => {
  it('are data that the factories take', () => {
    const credentials = { clientId: 'client', clientSecret: 'client-secret', fetch }
    const { github, google, microsoft, gitlab, casdoor, keycloak, okta, auth0 } = presets
    const providers = [
      customProvider({ ...github, ...credentials }),
      ...[
        google,
        microsoft('t'),
        gitlab(),
        casdoor('https://a.example/'),
        keycloak('https://k.example/realms/r'),
        okta('o.example'),
        auth0('a.example'),
      ].map((preset) => oidcProvider({ ...preset, ...credentials })),
    ]
    expect(providers.map(({ id }) => id)).toEqual([
      'github',
      'google',
      'microsoft',
      'gitlab',
      'casdoor',
      'keycloak',
      'okta',
      'auth0',
    ])
  })

  it('GitHub: a number as id, an answer in a form, the verified primary address from a second document', async () => {
    const up = createFakeProvider()
    const { github } = presets
    const send: typeof fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url === 'https://api.github.com/user')
        return Response.json({
          id: 583231,
          login: 'octocat',
          name: null,
          email: null,
          avatar_url: 'https://avatars.example/u',
        })
      if (request.url === 'https://api.github.com/user/emails')
        return Response.json([
          { email: 'old@example.com', primary: false, verified: true },
          { email: 'octocat@example.com', primary: true, verified: true },
        ])
      return new Response('access_token=gho_x&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer')
    }
    const provider = customProvider({
      ...github,
      clientId: 'client',
      clientSecret: 'client-secret',
      fetch: send,
    })
    const { url, pending } = await provider.start({ redirectUri: callback })
    const { identity, tokens } = await provider.finish(up.login(url).searchParams, pending)
    expect(identity).toMatchObject({
      provider: 'github',
      issuer: 'https://github.com',
      subject: '583231',
      claims: {
        preferred_username: 'octocat',
        email: 'octocat@example.com',
        email_verified: true,
        picture: 'https://avatars.example/u',
      },
    })
    expect(identity.claims.name).toBeUndefined()
    expect(tokens.scope).toBe('read:user,user:email')
  })

  it('Microsoft: what a tenant says of an address is never taken as verified', async () => {
    const connection = connectOidc({ claims: presets.microsoft('t').claims })
    expect((await logIn(connection)).identity.claims).not.toHaveProperty('email_verified')
  })
})
