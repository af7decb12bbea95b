import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import * as shape from '../authorization/shape.mjs'
import { injecting } from './inject.mjs'

/** Opens oidc-provider: JWT access tokens of one resource, PKCE S256, rotation, an account that has consented. */
export async function open({ redirectUris = 1 } = {}) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const resourceServer = {
    scope: shape.scope,
    audience: shape.resource,
    accessTokenTTL: shape.accessTokenLifetime,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  }
  let consented = 'none yet'
  /** What the integrator's own page would have done before; again when the memory adapter has forgotten it. */
  async function allow(clientId) {
    const grant = new provider.Grant({ accountId: shape.user, clientId })
    grant.addOIDCScope(`openid offline_access ${shape.scope}`)
    grant.addResourceScope(shape.resource, shape.scope)
    consented = await grant.save()
    return grant
  }
  const provider = new Provider(shape.origin, {
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key of the benchmark'] },
    clients: [
      {
        client_id: shape.publicClient,
        redirect_uris: shape.redirectUris(redirectUris),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
      },
      {
        client_id: shape.service.id,
        client_secret: shape.service.secret,
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
        scope: shape.scope,
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: [shape.scope],
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    ttl: {
      AuthorizationCode: shape.codeLifetime,
      RefreshToken: shape.refreshTokenLifetime,
      Grant: 7_776_000,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => resourceServer,
        useGrantedResource: () => true,
      },
    },
    async loadExistingGrant(context) {
      const known = await provider.Grant.find(consented)
      return known ?? allow(context.oidc.client.clientId)
    },
  })
  provider.proxy = true
  const callback = provider.callback()
  const session = new provider.Session({ accountId: shape.user, loginTs: Math.floor(Date.now() / 1000) })
  session.ensureClientContainer?.(shape.publicClient)
  await session.save(shape.refreshTokenLifetime)
  const { default: Keygrip } = await import('keygrip')
  const cookie = `_session=${session.id}`
  const signed = `${cookie}; _session.sig=${new Keygrip(['a key of the benchmark']).sign(cookie)}`
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': new URL(shape.origin).host }
  const through = (incoming, outgoing) => {
    Object.assign(incoming.headers, forwarded)
    return callback(incoming, outgoing)
  }
  return {
    call: injecting(through),
    listener: through,
    browser: { cookie: signed },
    expect: { authorize: 303 },
    paths: {
      authorize: '/auth',
      token: '/token',
      introspect: '/token/introspection',
      revoke: '/token/revocation',
      register: '/reg',
    },
    extra: { register: { application_type: 'native', id_token_signed_response_alg: 'ES256' } },
  }
}
