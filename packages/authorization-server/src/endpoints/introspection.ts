import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import { signingAlgorithms } from '../client-authentication/signing-algorithms.ts'
import type { Endpoint } from './endpoint.ts'
import { readForm } from '../requests/request-parameters.ts'
import { tokenType } from '../sender/sender-constraint.ts'
import type { ServerContext } from '../server-context.ts'
import { signedResponse } from '../tokens/signed-response.ts'
import { activeToken, readsOfToken } from '../tokens/token-state.ts'
import { sharedJson } from './shared-response.ts'

const jwtType = 'token-introspection+jwt'

/**
 * The introspection endpoint. A caller learns about tokens for the resources that it speaks for, and about no other.
 *
 * Every token that it may not know about, unknown, expired, revoked or foreign, gets the same answer. A caller that accepts
 * `application/token-introspection+jwt`, or is registered with `introspection_signed_response_alg`, gets it signed.
 *
 * @see [RFC 7662 §2 - Introspection Endpoint](https://www.rfc-editor.org/rfc/rfc7662.html#section-2)
 * @see [RFC 9701 §5 - Introspection Response](https://www.rfc-editor.org/rfc/rfc9701.html#section-5)
 */
export function introspection(): Endpoint {
  return {
    name: 'introspection',
    path: '/introspect',
    methods: ['POST'],
    page: false,
    answer,
    metadata: (url, { options }) => ({
      introspection_endpoint: url,
      introspection_signing_alg_values_supported: [...new Set(options.keys.algorithms)],
      introspection_endpoint_auth_methods_supported: options.clientAuthentication
        .map(({ name }) => name)
        .filter((name) => name !== 'none'),
      ...(signingAlgorithms(options).length > 0 && {
        introspection_endpoint_auth_signing_alg_values_supported: signingAlgorithms(options),
      }),
    }),
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const parameters = await readForm(http)
  const token = parameters.get('token')
  const reads = readsOfToken(token, server)
  const client = await authenticateClient(http, parameters, server, context, reads)
  // RFC 7662 §2.1: the caller must be authorized, or anybody could scan for tokens.
  if (client.authenticationMethods[0] === 'none')
    throw new OAuthError('invalid_client', 'this client may not introspect tokens')
  if (token === undefined) throw new OAuthError('invalid_request', 'the parameter token is missing')
  const claims = await activeToken(token, server.now(), server, reads)
  // RFC 7662 §4: whoever asks about token after token is looking for one.
  if (claims === undefined) await server.limitRate('introspection', client.client_id)
  const state =
    claims === undefined || client.serves?.includes(claims.aud) !== true
      ? { active: false }
      : { active: true, token_type: tokenType(claims.cnf), ...claims }
  // RFC 9701 §4: who wants to prove later what it was told asks for a JWT. §6: or is registered for it.
  const algorithm = client.introspection_signed_response_alg
  if (algorithm === undefined && http.headers.get('accept')?.includes(`application/${jwtType}`) !== true)
    return sharedJson(state)
  const form = { typ: jwtType, contentType: `application/${jwtType}`, audience: client.client_id, algorithm }
  return signedResponse({ token_introspection: state }, form, server)
}
