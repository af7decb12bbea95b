import { formatScope, OAuthError } from '@gatewright/core'
import type { Act } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { evaluatePolicies } from '../policies/evaluate-policies.ts'
import type { ServerContext } from '../server-context.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import type { AccessTokenClaims } from '../tokens/access-token.ts'
import { extendActorChain } from './actor-chain.ts'
import { clientSubjectPrefix } from './client-credentials.ts'
import { exchangeableTypes } from './exchangeable-types.ts'
import { exchangeScopes, exchangeTarget } from './exchange-limits.ts'
import { exchangeParties } from './exchange-parties.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'

/** How tokens may be exchanged. */
export interface TokenExchangeOptions {
  /** Actors that one token may pass through, at most 10. @default 5 */
  readonly maximumActors?: number
  /**
   * Whether a client may get a token that does not name it as the actor. Nobody can then see that the user did not act.
   *
   * @default never
   */
  readonly impersonation?: (client: Client, subject: AccessTokenClaims) => boolean | Promise<boolean>
}

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

const invalid = (message: string) => new OAuthError('invalid_request', message)

/**
 * Exchanges a user's access token for one with which a service may act for the user elsewhere.
 *
 * The new token names the service as the actor, in front of those that acted before. Scope, audience and lifetime only ever
 * narrow, and it ends with the grant that the first token stands on.
 *
 * A client may exchange tokens of the resources that it `serves`, for resources in its `exchangeFor`.
 *
 * @throws {TypeError} when `maximumActors` is not a whole number from 1 to 10
 * @see [RFC 8693 §2 - Token Exchange Request and Response](https://www.rfc-editor.org/rfc/rfc8693.html#section-2)
 */
export function tokenExchange(options: TokenExchangeOptions = {}): GrantType {
  const { maximumActors = 5, impersonation = () => false } = options
  if (!Number.isInteger(maximumActors) || maximumActors < 1 || maximumActors > 10)
    throw new TypeError('tokenExchange: maximumActors must be a whole number from 1 to 10')
  return {
    name: 'urn:ietf:params:oauth:grant-type:token-exchange',
    parameters: [
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'requested_token_type',
      'scope',
      'resource',
      'audience',
    ],
    async handle(request, server) {
      const { client, parameters } = request
      // A public client proves nothing, so it cannot be named as an actor.
      if (client.authenticationMethods[0] === 'none' || !client.verified)
        throw new OAuthError('unauthorized_client', 'this client may not exchange tokens')
      const requested = parameters.get('requested_token_type') ?? accessTokenType
      if (!exchangeableTypes.includes(requested)) throw invalid('requested_token_type is not supported')
      const { subject, actor } = await exchangeParties(parameters, client, server)
      const impersonate = actor === client.client_id && (await impersonation(client, subject)) === true
      const act = impersonate ? subject.act : extendActorChain(actor, subject.act, maximumActors)
      return issue(request, subject, act, server)
    },
  }
}

async function issue(
  { client, parameters, context }: TokenRequest,
  subject: AccessTokenClaims,
  act: Act | undefined,
  server: ServerContext,
): Promise<TokenResponse> {
  const now = server.now()
  const isClient = subject.sub.startsWith(clientSubjectPrefix)
  const user = isClient ? {} : await server.options.findUser(subject.sub)
  if (user === undefined) throw invalid('the subject_token is not valid')
  const resource = exchangeTarget(parameters, client, server)
  const scope = exchangeScopes(parameters.get('scope'), subject, resource, client, user, server)
  const oauth = {
    client_id: client.client_id,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    scope,
    audience: [resource.resource],
    subject_token: { claims: { ...subject } },
  }
  const own = client.accessTokenLifetime ?? server.options.accessTokenLifetime
  const lifetime = Math.min(own, subject.exp - Math.floor(now / 1000))
  if (lifetime < 1) throw invalid('the subject_token is not valid')
  const input = { request: { oauth }, subject: subject.sub, act, source: { ip: context.ip }, time: now }
  const allowed = await evaluatePolicies(input, lifetime, server)
  const content = {
    clientId: client.client_id,
    subject: subject.sub,
    grantId: subject.grant_id,
    scope: formatScope(allowed.scope),
    audience: resource.resource,
    lifetime: allowed.lifetime,
    authenticatedAt: subject.auth_time === undefined ? undefined : subject.auth_time * 1000,
    act,
  }
  const { token, jti, operations } = await mintAccessToken(content, now, server)
  const [first, ...rest] = operations
  if (first !== undefined && !(await server.storage.commit([first, ...rest], now)))
    throw new Error('a new token id is already taken: the random source repeats itself')
  const { clientId, grantId, scope: granted } = content
  server.emit({
    type: 'token.issued',
    clientId,
    subject: subject.sub,
    grantId,
    jti,
    act,
    ip: context.ip,
    grantType: oauth.grant_type,
    scope: granted,
    resource: resource.resource,
  })
  return {
    access_token: token,
    issued_token_type: accessTokenType,
    token_type: 'Bearer',
    expires_in: content.lifetime,
    scope: granted,
  }
}
