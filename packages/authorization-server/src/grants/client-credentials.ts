import { OAuthError, parseScope } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { requestedResources } from '../requests/requested-access.ts'
import type { ServerContext } from '../server-context.ts'
import { accessTokenLifetime } from '../tokens/access-token-lifetime.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'
import { issueAccessToken } from './issue-access-token.ts'

const name = 'client_credentials'

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
    name,
    parameters: ['scope', 'resource', 'authorization_details'],
    async handle(request, server) {
      const { client } = request
      // RFC 6749 §4.4: only confidential clients. A client that registered itself has no user who vouched for it.
      if (client.authenticationMethods[0] === 'none' || !client.verified)
        throw new OAuthError('unauthorized_client', 'this client may not act for itself')
      return issue(request, server)
    },
  }
}

async function issue(request: TokenRequest, server: ServerContext): Promise<TokenResponse> {
  const { client, parameters } = request
  const now = server.now()
  const asked = parseScope(parameters.get('scope'))
  const [resource, second] = requestedResources(parameters.all('resource'), [], client, server)
  if (resource === undefined || second !== undefined)
    throw new OAuthError('invalid_target', 'an access token is for one resource; name one')
  const scopes = permittedScopes(asked, resource.scopes, client, server)
  const asDetails = parameters.get('authorization_details')
  const issuance = {
    grantType: name,
    subject: clientSubjectPrefix + client.client_id,
    scopes,
    resource: resource.resource,
    details: await server.options.authorizationDetails.forClient(asDetails, client, resource.resource),
    lifetime: accessTokenLifetime(client, resource.resource, server),
    user: undefined,
    forUser: false,
  }
  return issueAccessToken(issuance, request, now, server)
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
