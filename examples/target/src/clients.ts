import { readFileSync } from 'node:fs'
import type { ClientOptions, JwkSet } from '@gatewright/authorization-server'
import { z } from 'zod'
import type { Settings } from './settings.ts'

const app = 'https://app.example.com/cb'
const codeAndRefresh = ['authorization_code', 'refresh_token']
const loopback = (path: string) => [`http://127.0.0.1:*${path}`, `http://localhost:*${path}`]
const serviceClient = (id: string, scopes: readonly string[]): ClientOptions => ({
  client_id: id,
  client_secret: `${id}-secret`,
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  scopes,
})

const fixedClients: readonly ClientOptions[] = [
  {
    client_id: 'claude-desktop-mcp',
    client_name: 'Claude Desktop',
    redirect_uris: [...loopback('/callback'), ...loopback('/oauth/callback')],
  },
  {
    client_id: 'claude-public',
    client_name: 'Claude',
    redirect_uris: [
      'http://localhost:29352/callback',
      'https://claude.ai/api/mcp/auth_callback',
      'https://claude.com/api/mcp/auth_callback',
    ],
  },
  {
    client_id: 'pub',
    client_name: 'Native app',
    redirect_uris: [
      'http://127.0.0.1/callback',
      'http://localhost/callback',
      'http://[::1]/callback',
      'com.example.app:/oauth2redirect',
    ],
    grant_types: [...codeAndRefresh, 'urn:ietf:params:oauth:grant-type:device_code'],
  },
  { client_id: 'pub1', redirect_uris: [app] },
  { client_id: 'webq', redirect_uris: [`${app}?tenant=1`], grant_types: ['authorization_code'] },
  {
    client_id: 'multi',
    redirect_uris: [app, 'https://app.example.com/cb2'],
    grant_types: ['authorization_code'],
  },
  {
    client_id: 'web',
    client_secret: 'web-secret',
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: ['http://127.0.0.1:4900/cb', app],
    post_logout_redirect_uris: ['http://127.0.0.1:4900/bye'],
  },
  {
    client_id: 'post',
    client_secret: 'post-secret',
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: ['http://127.0.0.1:4900/cb', app],
  },
  {
    client_id: 'confluence',
    client_secret: 'confluence-secret',
    redirect_uris: ['http://127.0.0.1:4822/plugins/servlet/oauth/callback'],
    pkce: 'nonce',
  },
  {
    client_id: 'desk',
    client_name: 'Service desk',
    client_secret: 'desk-secret',
    grant_types: ['urn:openid:params:grant-type:ciba', 'refresh_token'],
  },
  { client_id: 'narrow', redirect_uris: ['http://127.0.0.1/callback'], scopes: ['read:application'] },
  serviceClient('svc', ['read:application']),
  serviceClient('ipclient', ['read:application']),
  serviceClient('policyboom', ['read:application']),
  serviceClient('boom', ['read:application']),
]

const extraClients = z.array(
  z
    .object({
      client_id: z.string().min(1),
      client_name: z.string().optional(),
      client_secret: z.string().optional(),
      redirect_uris: z.array(z.string()).optional(),
      grant_types: z.array(z.string()).default(codeAndRefresh),
      token_endpoint_auth_method: z.string().optional(),
      application_type: z.enum(['native', 'web']).optional(),
      jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).optional(),
      jwks_uri: z.string().optional(),
      scope: z.string().optional(),
      require_pushed_authorization_requests: z.boolean().optional(),
      require_signed_request_object: z.boolean().optional(),
      request_object_signing_alg: z.string().optional(),
      authorization_details_types: z.array(z.string()).optional(),
      id_token_signed_response_alg: z.string().optional(),
      userinfo_signed_response_alg: z.string().optional(),
      introspection_signed_response_alg: z.string().optional(),
      dpop_bound_access_tokens: z.boolean().optional(),
      tls_client_certificate_bound_access_tokens: z.boolean().optional(),
      tls_client_auth_subject_dn: z.string().optional(),
      tls_client_auth_san_dns: z.string().optional(),
      tls_client_auth_san_uri: z.string().optional(),
      tls_client_auth_san_ip: z.string().optional(),
      tls_client_auth_san_email: z.string().optional(),
    })
    // A client that names scopes is held to them, and one that has tokens for itself needs some.
    .transform(({ scope, ...client }) =>
      Object.fromEntries(
        Object.entries({ ...client, scopes: scope?.split(' ') }).filter(([, value]) => value !== undefined),
      ),
    ),
)

/** A resource server that serves the tokens of one resource. */
const resourceServer = (id: string, resource: string): ClientOptions => ({
  client_id: id,
  client_secret: `${id}-secret`,
  grant_types: [],
  serves: [resource],
})

/** A gateway: the server of one resource that calls others for its users. */
const gateway = (
  id: string,
  resource: string,
  others: readonly string[],
  takesAssertions: boolean,
): ClientOptions => ({
  ...serviceClient(id, ['admin:application', 'read:user']),
  grant_types: [
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    ...(takesAssertions ? ['urn:ietf:params:oauth:grant-type:jwt-bearer'] : []),
  ],
  serves: [resource],
  exchangeFor: others,
})

/** The client that signs assertions; its public keys come from whoever has the private ones. */
const pkjwt = (keys: string): ClientOptions => ({
  client_id: 'pkjwt',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: JSON.parse(keys) as JwkSet,
  redirect_uris: ['http://127.0.0.1:4900/cb', app],
  grant_types: [...codeAndRefresh, 'client_credentials'],
  scopes: ['read:application', 'write:application', 'openid', 'profile', 'email'],
})

/** The fixed clients, and those of a file of client metadata. */
export function readClients(
  origin: string,
  settings: Pick<Settings, 'EXTRA_CLIENTS' | 'PKJWT_JWKS' | 'TRUSTED_IDP_ISSUER' | 'TRUSTED_IDP_JWKS'>,
): readonly ClientOptions[] {
  const { EXTRA_CLIENTS: file, PKJWT_JWKS: keys } = settings
  const takesAssertions = settings.TRUSTED_IDP_ISSUER !== undefined && settings.TRUSTED_IDP_JWKS !== undefined
  const fixed = [
    ...fixedClients,
    ...(keys === undefined ? [] : [pkjwt(keys)]),
    resourceServer('rs1', `${origin}/mcp`),
    resourceServer('rs2', `${origin}/mcp2`),
    gateway('gw', `${origin}/mcp`, [`${origin}/mcp2`], takesAssertions),
    gateway('gw2', `${origin}/mcp2`, [`${origin}/mcp`, `${origin}/api/mcp`], takesAssertions),
  ]
  if (file === undefined) return fixed
  const extra = extraClients.parse(JSON.parse(readFileSync(file, 'utf8')))
  return [...fixed, ...(extra as unknown as readonly ClientOptions[])]
}
