import { DatabaseSync } from 'node:sqlite'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import * as shape from '../authorization/shape.mjs'
import { toRequest } from '../authorization/web.mjs'

const base = '/api/auth'
const scope = `offline_access ${shape.scope}`
const json = { 'content-type': 'application/json' }

/** Opens better-auth with its OAuth provider on SQLite in memory: its own memory adapter copies all it holds in each transaction. */
export async function open({ redirectUris = 1 } = {}) {
  const options = {
    baseURL: shape.origin,
    secret: 'a secret of the benchmark that is long enough, 0123456789',
    database: new DatabaseSync(':memory:'),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { level: 'error' },
    telemetry: { enabled: false },
    disabledPaths: ['/token'],
    plugins: [
      jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } }),
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        scopes: ['openid', 'offline_access', shape.scope],
        resources: [shape.resource],
        enforcePerClientResources: false,
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
        accessTokenExpiresIn: shape.accessTokenLifetime,
        codeExpiresIn: shape.codeLifetime,
        refreshTokenExpiresIn: shape.refreshTokenLifetime,
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      }),
    ],
  }
  await (await getMigrations(options)).runMigrations()
  const auth = betterAuth(options)
  const call = async (request) => {
    const response = await auth.handler(toRequest(request))
    return {
      status: response.status,
      location: response.headers.get('location') ?? undefined,
      cookies: response.headers.getSetCookie(),
      body: await response.text(),
    }
  }
  const post = async (path, fields, headers = {}) => {
    const sent = { ...json, origin: shape.origin, ...headers }
    const answer = await call({
      method: 'POST',
      path: base + path,
      headers: sent,
      body: JSON.stringify(fields),
    })
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
    return answer
  }

  const user = { email: 'alice@example.com', password: 'a password of the benchmark', name: shape.user }
  const { cookies } = await post('/sign-up/email', user)
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  const { body } = await post('/oauth2/register', {
    redirect_uris: shape.redirectUris(redirectUris),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope,
  })
  const { client_id: id } = JSON.parse(body)

  // Allowed once, as by every user of the comparison.
  const question = new URLSearchParams({
    response_type: 'code',
    client_id: id,
    redirect_uri: shape.redirectUri,
    scope,
    state: 'a state of the benchmark',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    resource: shape.resource,
  })
  const asked = await call({
    method: 'GET',
    path: `${base}/oauth2/authorize?${question}`,
    headers: { cookie },
  })
  const query = new URL(asked.location, shape.origin).search.slice(1)
  await post('/oauth2/consent', { accept: true, oauth_query: query }, { cookie })

  const handle = toNodeHandler(auth)
  return {
    call,
    listener: (incoming, outgoing) => void handle(incoming, outgoing),
    browser: { cookie },
    client: { id, scope },
    paths: {
      authorize: `${base}/oauth2/authorize`,
      token: `${base}/oauth2/token`,
      revoke: `${base}/oauth2/revoke`,
      register: `${base}/oauth2/register`,
    },
    extra: { register: { application_type: 'native' } },
  }
}
