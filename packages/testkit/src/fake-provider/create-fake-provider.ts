import {
  constantTimeEqual,
  defaultRuntime,
  encodeBase64url,
  jsonResponse,
  sha256,
  sha256Base64url,
} from '@gatewright/core'
import type { RequestHandler } from '@gatewright/core'
import { isClient } from './client-check.ts'
import type { FakeProviderBehavior, FakeProviderOptions, FakeUser } from './fake-provider-options.ts'
import { recordRequest } from './recorded-request.ts'
import type { RecordedRequest } from './recorded-request.ts'
import { createFakeKeys } from './signing.ts'

/** An OpenID Connect provider in memory, which does what a test tells it. */
export interface FakeProvider extends RequestHandler {
  readonly issuer: string
  /** Answers as the network would: pass it to whatever is to reach the provider. */
  readonly fetch: typeof fetch
  /** Every request so far. */
  readonly requests: readonly RecordedRequest[]
  /** Misbehaves from now on; an empty object is honest again. */
  behave(behavior: FakeProviderBehavior): void
  /** Logs a user in as the browser would: from the authorization URL to where the browser is sent back to. */
  login(authorizationUrl: string, user?: string): URL
  /** Refuses as the browser would see it. */
  refuse(authorizationUrl: string, error?: string): URL
  /** Logs the browser out: from the logout URL to where it is sent back to. */
  logOut(logoutUrl: string): URL
  /** Replaces the signing key. */
  rotateKey(): void
  /** Ends every grant: refreshing answers `invalid_grant` from now on. */
  endGrants(): void
}

interface Code {
  readonly user: FakeUser
  readonly request: URLSearchParams
}

const ordinaryUsers: Readonly<Record<string, FakeUser>> = Object.fromEntries(
  ['alice', 'bob'].map((name) => [
    name,
    {
      sub: `up-${name}`,
      name: name === 'alice' ? 'Alice Upstream' : 'Bob Upstream',
      preferred_username: name,
      email: `${name}@example.com`,
      email_verified: true,
      picture: `https://up.example.net/${name}.png`,
      phone_number: '+15550100',
    },
  ]),
)

/**
 * Makes a provider with discovery, authorization, token, userinfo, revocation, logout and key endpoints.
 *
 * At `/authorize` it has no page: the parameter `login` names the user. It checks redirect URI, PKCE and client like a
 * careful provider, and misbehaves on request.
 *
 * @example
 * ```ts
 * const provider = createFakeProvider({ issuer: 'https://up.example.net' })
 * provider.behave({ idToken: ({ header, claims }) => ({ header, claims: { ...claims, iss: 'https://evil.example' } }) })
 * ```
 */
export function createFakeProvider(options: FakeProviderOptions = {}): FakeProvider {
  const { issuer = 'https://up.example.net', clientId = 'client', users = ordinaryUsers } = options
  const { now = () => defaultRuntime.now(), accessTokenLifetime = 3600 } = options
  const clientSecret = 'clientSecret' in options ? options.clientSecret : 'client-secret'
  const keys = createFakeKeys(clientSecret ?? '')
  const requests: RecordedRequest[] = []
  const codes = new Map<string, Code>()
  const accessTokens = new Map<string, FakeUser>()
  const refreshTokens = new Map<string, FakeUser>()
  const secret = () => encodeBase64url(defaultRuntime.randomBytes(24))
  let behavior: FakeProviderBehavior = {}

  function back(authorizationUrl: string, answer: Readonly<Record<string, string>>): URL {
    const request = new URL(authorizationUrl).searchParams
    const url = new URL(request.get('redirect_uri') ?? '')
    const parameters = new URLSearchParams({ ...answer, state: request.get('state') ?? '', iss: issuer })
    url.search = (behavior.callback?.(parameters) ?? parameters).toString()
    return url
  }

  function login(authorizationUrl: string, user = 'alice'): URL {
    const known = users[user]
    if (known === undefined) return back(authorizationUrl, { error: 'access_denied' })
    const code = secret()
    codes.set(code, { user: known, request: new URL(authorizationUrl).searchParams })
    return back(authorizationUrl, { code })
  }

  function logOut(logoutUrl: string): URL {
    const request = new URL(logoutUrl).searchParams
    const url = new URL(request.get('post_logout_redirect_uri') ?? `${issuer}/goodbye`)
    const state = request.get('state')
    if (state !== null) url.searchParams.set('state', state)
    return url
  }

  async function tokensFor(user: FakeUser, request: URLSearchParams): Promise<Record<string, unknown>> {
    const [accessToken, refreshToken] = [secret(), secret()]
    accessTokens.set(accessToken, user)
    refreshTokens.set(refreshToken, user)
    const scope = request.get('scope') ?? undefined
    const body = {
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: accessTokenLifetime,
      ...(scope === undefined ? {} : { scope }),
    }
    if (scope?.split(' ').includes('openid') !== true) return body
    const seconds = Math.floor(now() / 1000)
    const nonce = request.get('nonce')
    const draft = {
      header: {},
      claims: {
        iss: issuer,
        sub: user.sub,
        aud: clientId,
        iat: seconds,
        exp: seconds + 600,
        auth_time: seconds,
        at_hash: encodeBase64url((await sha256(accessToken)).slice(0, 16)),
        ...(nonce === null ? {} : { nonce }),
      },
    }
    const jwt = await keys.sign(behavior.idToken?.(draft) ?? draft)
    return { ...body, id_token: behavior.signedIdToken?.(jwt) ?? jwt }
  }

  async function token({ form, headers }: RecordedRequest): Promise<Response> {
    if (!isClient(headers, form, { clientId, clientSecret }))
      return jsonResponse({ error: 'invalid_client' }, 401)
    const invalid = jsonResponse({ error: 'invalid_grant' }, 400)
    const refreshToken = form.get('refresh_token') ?? ''
    const refreshed = refreshTokens.get(refreshToken)
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    if (form.get('grant_type') === 'refresh_token') {
      if (refreshed === undefined) return invalid
      refreshTokens.delete(refreshToken)
      return answer(behavior.token, await tokensFor(refreshed, new URLSearchParams()))
    }
    if (code === undefined || code.request.get('redirect_uri') !== form.get('redirect_uri')) return invalid
    const challenge = code.request.get('code_challenge')
    const met = await sha256Base64url(form.get('code_verifier') ?? '')
    if (challenge !== null && !constantTimeEqual(challenge, met)) return invalid
    return answer(behavior.token, await tokensFor(code.user, code.request))
  }

  async function userinfo({ headers }: RecordedRequest): Promise<Response> {
    const user = accessTokens.get((headers.get('authorization') ?? '').replace('Bearer ', ''))
    if (user === undefined)
      return jsonResponse({ error: 'invalid_token', sub: 'up-alice' }, 401, { 'www-authenticate': 'Bearer' })
    if (behavior.signsUserinfo !== true) return answer(behavior.userinfo, user)
    const claims = behavior.userinfo?.(user) ?? user
    if (claims instanceof Response) return claims
    const jwt = await keys.sign({ header: {}, claims: { iss: issuer, aud: clientId, ...claims } })
    return new Response(jwt, { headers: { 'content-type': 'application/jwt' } })
  }

  function discovery(): Response {
    const document = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/logout`,
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
    }
    return jsonResponse({ ...(behavior.discovery?.(document) ?? document) })
  }

  function authorize({ url }: RecordedRequest): Response {
    const user = url.searchParams.get('login') ?? 'alice'
    return new Response(null, { status: 303, headers: { location: login(url.href, user).href } })
  }

  async function handle(request: Request): Promise<Response | undefined> {
    const recorded = await recordRequest(request)
    requests.push(recorded)
    const base = new URL(issuer).pathname.replace(/\/$/, '')
    const path = recorded.url.pathname.slice(base.length)
    if (behavior.outage !== undefined && path !== '/authorize')
      return new Response('out of order', { status: behavior.outage })
    switch (path) {
      case '/.well-known/openid-configuration':
        return discovery()
      case '/authorize':
        return authorize(recorded)
      case '/logout':
        return new Response(null, { status: 303, headers: { location: logOut(recorded.url.href).href } })
      case '/token':
        return token(recorded)
      case '/userinfo':
        return userinfo(recorded)
      case '/jwks':
        return jsonResponse({ ...(await keys.jwks()) })
      case '/revoke':
        refreshTokens.delete(recorded.form.get('token') ?? '')
        return jsonResponse({})
      default:
        return undefined
    }
  }

  return {
    issuer,
    origin: new URL(issuer).origin,
    requests,
    handle,
    fetch: async (input, init) =>
      (await handle(new Request(input, init))) ?? new Response('not found', { status: 404 }),
    behave(next) {
      behavior = next
    },
    login,
    logOut,
    refuse: (authorizationUrl, error = 'access_denied') => back(authorizationUrl, { error }),
    rotateKey: () => keys.rotate(),
    endGrants: () => refreshTokens.clear(),
  }
}

function answer(
  change:
    ((body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | Response) | undefined,
  honest: Readonly<Record<string, unknown>>,
): Response {
  const changed = change?.(honest) ?? honest
  return changed instanceof Response ? changed : jsonResponse({ ...changed })
}
