import { bearerChallenge, jsonResponse, parseScope } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { findClient } from '../clients/client-source.ts'
import { readPresentedToken, refuseToken, requirePossession } from '../sender/presented-token.ts'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'
import { claimsForScopes } from '../tokens/identity-claims.ts'
import { signedResponse } from '../tokens/signed-response.ts'
import { activeToken } from '../tokens/token-state.ts'

/**
 * The userinfo endpoint: what the granted scopes open about the user.
 *
 * A client that is registered with `userinfo_signed_response_alg` gets it as a JWT.
 *
 * A token for another resource is refused, or the operator of that resource could read the profiles of its callers here.
 *
 * @see [OpenID Connect Core 1.0 §5.3 - UserInfo Endpoint](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)
 */
export function userinfo(): Endpoint {
  return {
    name: 'userinfo',
    path: '/userinfo',
    methods: ['GET', 'POST'],
    page: false,
    answer,
    metadata: (url, { options }) => ({
      userinfo_endpoint: url,
      userinfo_signing_alg_values_supported: [...new Set(options.keys.algorithms)],
    }),
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const presented = readPresentedToken(http)
  if (presented === undefined)
    return jsonResponse({}, http.headers.has('authorization') ? 400 : 401, {
      'www-authenticate': bearerChallenge({ realm: 'userinfo' }),
    })
  const refuse = (message: string) => refuseToken(presented, 'invalid_token', message, server)
  const claims = await activeToken(presented.token, server.now(), server)
  if (claims === undefined || claims.aud !== server.issuer) throw refuse('the access token is not valid here')
  const { headers } = await requirePossession(presented, claims, http, context, server)
  const scopes = parseScope(claims.scope)
  if (!scopes.includes('openid')) {
    const message = 'the access token lacks the scope openid'
    throw refuseToken(presented, 'insufficient_scope', message, server, headers, 'openid')
  }
  const user = await server.options.findUser(claims.sub)
  if (user === undefined) throw refuse('the access token is not valid here')
  const { client_id: clientId, sub: subject } = claims
  const added = await server.options.claims?.make({ target: 'userinfo', clientId, subject, scopes, user })
  const answer = { ...claimsForScopes(user.claims ?? {}, scopes), ...added, sub: subject }
  const to = { clientId, scopes }
  const told = await server.options.userinfo(answer, to)
  const client = await findClient(clientId, server)
  const algorithm = client?.userinfo_signed_response_alg
  if (algorithm === undefined) return jsonResponse(told, 200, headers)
  // OpenID Connect Core 1.0 §5.3.2: signed for the client that is registered for it.
  const form = { typ: 'JWT', contentType: 'application/jwt', audience: clientId, algorithm, headers }
  return signedResponse(told, form, server)
}
