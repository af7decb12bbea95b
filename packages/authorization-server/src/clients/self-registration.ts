import type { ServerContext } from '../server-context.ts'
import type { ClientMetadata, RegistrationRules } from './client-metadata.ts'
import type { Client } from './client.ts'
import { pickResponseAlgorithms } from './response-algorithms.ts'
import { pickTlsSubject } from './tls-subject.ts'

/** What clients that nobody vouches for may use: their users are at the browser whenever something is granted. */
const grantTypes: readonly string[] = ['authorization_code', 'refresh_token']

/** What the server offers to clients that describe themselves. */
export function selfRegistrationRules(
  server: ServerContext,
  rules: Pick<RegistrationRules, 'allowedSchemes' | 'defaultMethod'>,
): RegistrationRules {
  return {
    ...rules,
    grantTypes: grantTypes.filter((name) => server.options.grants.some((grant) => grant.name === name)),
    authenticationMethods: server.options.clientAuthentication.map(({ name }) => name),
    signingAlgorithms: server.options.keys.algorithms,
    parts: server.options,
    detailTypes: server.options.authorizationDetails.names,
  }
}

/** A client that described itself: never verified, always asked about, and bound to PKCE. */
export function selfRegisteredClient(
  clientId: string,
  metadata: ClientMetadata,
  rest: Pick<
    Client,
    'authenticationMethods' | 'secretHashes' | 'expiresAt' | 'allowedSchemes' | 'assertionAudience'
  >,
): Client {
  const { client_name, client_uri, redirect_uris, grant_types, application_type, jwks, jwks_uri } = metadata
  const { post_logout_redirect_uris, backchannel_logout_uri, dpop_bound_access_tokens } = metadata
  const { require_pushed_authorization_requests, require_signed_request_object } = metadata
  const { request_object_signing_alg, authorization_details_types } = metadata
  return {
    client_id: clientId,
    client_name,
    client_uri,
    redirect_uris,
    post_logout_redirect_uris,
    backchannel_logout_uri,
    grant_types,
    application_type,
    jwks,
    jwks_uri,
    dpop_bound_access_tokens,
    require_pushed_authorization_requests,
    require_signed_request_object,
    request_object_signing_alg,
    ...pickTlsSubject(metadata),
    tls_client_certificate_bound_access_tokens: metadata.tls_client_certificate_bound_access_tokens,
    authorization_details_types,
    ...pickResponseAlgorithms(metadata),
    verified: false,
    pkce: 'required',
    consent: 'always',
    ...rest,
  }
}
