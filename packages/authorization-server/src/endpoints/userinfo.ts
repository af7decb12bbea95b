import { bearerChallenge, jsonResponse, OAuthError, parseScope } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'
import { claimsForScopes } from '../tokens/identity-claims.ts'
import { activeToken } from '../tokens/token-state.ts'

/**
 * The userinfo endpoint: what the granted scopes open about the user.
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
    metadata: (url) => ({ userinfo_endpoint: url }),
  }
}

async function answer(http: Request, _context: RequestContext, server: ServerContext): Promise<Response> {
  const token = /^bearer +([\w\-.~+/]+=*)$/i.exec(http.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) {
    const presented = http.headers.has('authorization')
    return jsonResponse({}, presented ? 400 : 401, {
      'www-authenticate': bearerChallenge({ realm: 'userinfo' }),
    })
  }
  const claims = await activeToken(token, server.now(), server)
  if (claims === undefined || claims.aud !== server.issuer)
    throw refusal('invalid_token', 'the access token is not valid here')
  const scopes = parseScope(claims.scope)
  if (!scopes.includes('openid'))
    throw refusal('insufficient_scope', 'the access token lacks the scope openid', 'openid')
  const user = await server.options.findUser(claims.sub)
  if (user === undefined) throw refusal('invalid_token', 'the access token is not valid here')
  const answer = { ...claimsForScopes(user.claims ?? {}, scopes), sub: claims.sub }
  return jsonResponse(await server.options.userinfo(answer, { clientId: claims.client_id, scopes }))
}

function refusal(error: 'invalid_token' | 'insufficient_scope', message: string, scope?: string): OAuthError {
  const challenge = bearerChallenge({ error, error_description: message, scope })
  return new OAuthError(error, message, { headers: { 'www-authenticate': challenge } })
}
