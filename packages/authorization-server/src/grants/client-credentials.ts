import { formatScope, OAuthError, parseScope } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { evaluatePolicies } from '../policies/evaluate-policies.ts'
import { requestedResources } from '../requests/requested-access.ts'
import type { ServerContext } from '../server-context.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'

/** The subject of a token that a client got for itself. No user can have it: subjects that begin so are refused at login. */
export const clientSubjectPrefix = 'client:'

/**
 * Tokens for a client that acts for itself, such as a nightly job. There is no user, no refresh token and no identity scope.
 *
 * The operator decides what the client may do: a client without `scopes` of its own gets nothing.
 *
 * @see [RFC 6749 §4.4 - Client Credentials Grant](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4)
 */
export function clientCredentials(): GrantType {
  return {
    name: 'client_credentials',
    parameters: ['scope', 'resource'],
    async handle(request, server) {
      const { client } = request
      // RFC 6749 §4.4: only confidential clients. A client that registered itself has no user who vouched for it.
      if (client.authenticationMethods[0] === 'none' || !client.verified)
        throw new OAuthError('unauthorized_client', 'this client may not act for itself')
      return issue(request, server)
    },
  }
}

async function issue(
  { client, parameters, context }: TokenRequest,
  server: ServerContext,
): Promise<TokenResponse> {
  const now = server.now()
  const asked = parseScope(parameters.get('scope'))
  const [resource, second] = requestedResources(parameters.all('resource'), [], client, server)
  if (resource === undefined || second !== undefined)
    throw new OAuthError('invalid_target', 'an access token is for one resource; name one')
  const scopes = permittedScopes(asked, resource.scopes, client, server)
  const input = {
    request: {
      oauth: {
        client_id: client.client_id,
        grant_type: 'client_credentials',
        scope: scopes,
        audience: [resource.resource],
      },
    },
    source: { ip: context.ip },
    time: now,
  }
  const lifetime = client.accessTokenLifetime ?? server.options.accessTokenLifetime
  const allowed = await evaluatePolicies(input, lifetime, server)
  const content = {
    clientId: client.client_id,
    subject: clientSubjectPrefix + client.client_id,
    scope: formatScope(allowed.scope),
    audience: allowed.audience[0] ?? resource.resource,
    lifetime: allowed.lifetime,
  }
  const { token, jti, operations } = await mintAccessToken(content, now, server)
  const [first, ...rest] = operations
  if (first !== undefined && !(await server.storage.commit([first, ...rest], now)))
    throw new Error('a new token id is already taken: the random source repeats itself')
  server.emit({
    type: 'token.issued',
    clientId: client.client_id,
    subject: content.subject,
    jti,
    ip: context.ip,
    grantType: 'client_credentials',
    scope: content.scope,
    resource: content.audience,
  })
  return { access_token: token, token_type: 'Bearer', expires_in: content.lifetime, scope: content.scope }
}

function permittedScopes(
  asked: readonly string[],
  ofResource: readonly string[] | undefined,
  client: Client,
  server: ServerContext,
): readonly string[] {
  const ceiling = client.scopes ?? []
  const permitted = (name: string) =>
    server.scopes.has(name) &&
    !server.scopes.isIdentity(name) &&
    server.scopes.within(name, ceiling) &&
    server.scopes.within(name, ofResource)
  const scopes = asked.length > 0 ? asked : ceiling.filter(permitted)
  // There is nobody to ask, so a scope beyond the ceiling is refused and not dropped.
  if (scopes.length === 0 || !scopes.every(permitted))
    throw new OAuthError('invalid_scope', 'a scope goes beyond what this client may do')
  return scopes
}
