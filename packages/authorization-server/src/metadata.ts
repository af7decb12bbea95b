import { signingAlgorithms } from './client-authentication/signing-algorithms.ts'
import { identityClaims } from './tokens/identity-claims.ts'
import { mtlsAliases } from './sender/mtls-aliases.ts'
import { senderMetadata } from './sender/sender-metadata.ts'
import type { ServerContext } from './server-context.ts'

/**
 * The server's metadata, derived from the parts it is made of, so that discovery cannot lie.
 *
 * @see [RFC 8414 §2 - Authorization Server Metadata](https://www.rfc-editor.org/rfc/rfc8414.html#section-2)
 * @see [OpenID Connect Discovery 1.0 §3 - OpenID Provider Metadata](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)
 */
export function metadata(server: ServerContext): Readonly<Record<string, unknown>> {
  const { issuer, options, urls, scopes } = server
  const methods = options.clientAuthentication.map(({ name }) => name)
  const algorithms = signingAlgorithms(options)
  const registers = options.clients.some((source) => source.register !== undefined)
  return {
    issuer,
    authorization_endpoint: urls.url('authorization'),
    token_endpoint: urls.url('token'),
    ...(registers ? { registration_endpoint: urls.url('registration') } : {}),
    ...Object.assign(
      {},
      ...options.endpoints.map((endpoint) => endpoint.metadata?.(urls.url(endpoint.name), server)),
      ...options.clients.map((source) => source.metadata),
      ...options.clientAuthentication.map((method) => method.metadata),
    ),
    jwks_uri: urls.url('jwks'),
    scopes_supported: scopes.names,
    response_types_supported: ['code'],
    response_modes_supported: options.responseModes,
    grant_types_supported: options.grants.map(({ name }) => name),
    token_endpoint_auth_methods_supported: methods,
    ...(algorithms.length === 0 ? {} : { token_endpoint_auth_signing_alg_values_supported: algorithms }),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(options.keys.algorithms)],
    claims_supported: [
      'iss',
      'sub',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'amr',
      'acr',
      'sid',
      'nonce',
      ...identityClaims,
      ...(options.claims?.names ?? []),
    ],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    ...(options.backChannelLogout && {
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    }),
    ...senderMetadata(server.dpop, options.mutualTls),
    ...mtlsAliases(server),
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
    ...(options.authorizationDetails.names.length > 0 && {
      authorization_details_types_supported: options.authorizationDetails.names,
    }),
    // After the defaults, which a source may lift.
    ...Object.assign({}, ...options.requestSources.map((source) => source.metadata?.(server))),
    protected_resources: options.resources.map(({ resource }) => resource),
  }
}
