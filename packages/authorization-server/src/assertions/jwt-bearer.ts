import { OAuthError, parseScope } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { GrantType, TokenRequest, TokenResponse } from '../grants/grant-type.ts'
import { issueAccessToken } from '../grants/issue-access-token.ts'
import { isVouchedFor } from '../interaction/require-provider.ts'
import { requestedResources } from '../requests/requested-access.ts'
import type { ServerContext } from '../server-context.ts'
import { accessTokenLifetime } from '../tokens/access-token-lifetime.ts'
import { assertedAccess } from './asserted-access.ts'
import { openIssuers } from './trusted-issuer.ts'
import type { OpenIssuer, TrustedIssuer } from './trusted-issuer.ts'
import { trustedSubject } from './trusted-subject.ts'
import { verifyAssertion } from './verify-assertion.ts'
import type { VerifiedAssertion } from './verify-assertion.ts'

/** Whose assertions count. */
export interface JwtBearerOptions {
  readonly issuers: readonly TrustedIssuer[]
  /**
   * `id-jag`: identity assertions, with which a company's identity provider lets a client act for one of its users; they name
   * the client. `jwt`: any JWT that an issuer signs for this server. @default 'id-jag'
   */
  readonly accept?: 'id-jag' | 'jwt'
}

const name = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const maximumLifetime = 300

const invalid = (cause: unknown) => new OAuthError('invalid_grant', 'the assertion is not valid', { cause })

/**
 * Exchanges an assertion that a trusted issuer signed about a user for an access token. There is no refresh token: the client
 * comes with the next assertion, so that the issuer decides each time.
 *
 * An assertion is for this server alone, for at most five minutes, and works once.
 *
 * @throws {TypeError} when an issuer could not work or would not be safe
 * @see [RFC 7523 §2.1 - Using JWTs as Authorization Grants](https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1)
 */
export function jwtBearer(options: JwtBearerOptions): GrantType {
  const { accept = 'id-jag' } = options
  if (!['id-jag', 'jwt'].includes(accept))
    throw new TypeError(`jwtBearer: accept must be id-jag or jwt, got ${JSON.stringify(accept)}`)
  const issuers = openIssuers(options.issuers, 'jwtBearer')
  return {
    name,
    parameters: ['assertion', 'scope', 'resource'],
    async handle(request, server) {
      const { client, parameters } = request
      // Whoever finds an assertion could otherwise use it under the name of the client.
      if (client.authenticationMethods[0] === 'none' || !client.verified)
        throw new OAuthError('unauthorized_client', 'this client may not present assertions')
      const assertion = parameters.get('assertion')
      if (assertion === undefined)
        throw new OAuthError('invalid_request', 'the parameter assertion is missing')
      const now = server.now()
      const verified = await verify(assertion, accept, client, issuers, now, server)
      return issue(verified, request, now, server)
    },
  }
}

async function verify(
  assertion: string,
  accept: 'id-jag' | 'jwt',
  client: Client,
  issuers: ReadonlyMap<string, OpenIssuer>,
  now: number,
  server: ServerContext,
): Promise<VerifiedAssertion & { readonly subject: string; readonly jti: string }> {
  const types = accept === 'id-jag' ? ['oauth-id-jag+jwt'] : [undefined, 'jwt']
  try {
    const kind = { types, audience: server.issuer, maximumLifetime }
    const verified = await verifyAssertion(assertion, kind, issuers, now, server)
    const { jti, client_id: clientId } = verified.claims
    if (typeof jti !== 'string' || jti === '' || jti.length > 512) throw new Error('jti is missing')
    if (clientId !== client.client_id && (accept === 'id-jag' || clientId !== undefined))
      throw new Error('the assertion is for another client')
    const subject = await trustedSubject(verified)
    return { ...verified, subject, jti }
  } catch (cause) {
    if (cause instanceof OAuthError) throw cause
    throw invalid(cause)
  }
}

async function issue(
  { issuer, claims, subject, jti }: VerifiedAssertion & { readonly subject: string; readonly jti: string },
  request: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<TokenResponse> {
  const { client, parameters } = request
  if (!isVouchedFor(client.providers, issuer.provider))
    throw new OAuthError('invalid_grant', 'users of this client have to log in in another way')
  const user = await server.options.findUser(subject)
  if (user === undefined) throw invalid(new Error('the user is not active'))
  const { scopes: asserted, resources: named } = assertedAccess(claims)
  const wanted = parameters.all('resource').length > 0 ? parameters.all('resource') : named
  const [resource, second] = requestedResources(wanted, [], client, server)
  if (resource === undefined || second !== undefined || !permits(named, resource.resource))
    throw new OAuthError('invalid_target', 'an access token is for one resource that the assertion permits')
  const { scopes } = server
  const permitted = (scope: string) =>
    scopes.has(scope) &&
    !scopes.isIdentity(scope) &&
    [asserted, client.scopes, user.scopes, resource.scopes].every((ceiling) => scopes.within(scope, ceiling))
  const asked = parseScope(parameters.get('scope'))
  const granted =
    asked.length > 0 ? asked : (asserted ?? resource.defaultScopes ?? client.scopes ?? []).filter(permitted)
  if (granted.length === 0 || !granted.every(permitted))
    throw new OAuthError('invalid_scope', 'a scope goes beyond what the assertion and the client permit')
  const issuance = {
    grantType: name,
    subject,
    scopes: granted,
    resource: resource.resource,
    lifetime: accessTokenLifetime(client, resource.resource, server),
    user,
    authenticatedAt: typeof claims['auth_time'] === 'number' ? claims['auth_time'] * 1000 : undefined,
    presented: claims,
    forUser: true,
    claim: async () => {
      const id = JSON.stringify([claims.iss, jti])
      // Last, so that a request that is refused for another reason uses nothing up.
      const isFirst = await server.replay.once(
        `${server.partitions.issuer}:j`,
        id,
        (claims.exp + 60) * 1000,
        now,
      )
      if (!isFirst) throw invalid(new Error('the assertion was used before'))
    },
  }
  return issueAccessToken(issuance, request, now, server)
}

const permits = (named: readonly string[], resource: string) => named.length === 0 || named.includes(resource)
