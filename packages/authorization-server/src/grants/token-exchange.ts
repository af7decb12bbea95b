import { OAuthError } from '@gatewright/core'
import type { Act } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { SubjectToken, SubjectTokens } from '../exchange/subject-tokens.ts'
import type { ServerContext } from '../server-context.ts'
import { accessTokenLifetime } from '../tokens/access-token-lifetime.ts'
import { extendActorChain } from './actor-chain.ts'
import { clientSubjectPrefix } from './client-credentials.ts'
import { exchangeableTypes } from './exchangeable-types.ts'
import { exchangeScopes, exchangeTarget } from './exchange-limits.ts'
import { exchangeParties } from './exchange-parties.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'
import { issueAccessToken } from './issue-access-token.ts'

/** How tokens may be exchanged. */
export interface TokenExchangeOptions {
  /** Actors that one token may pass through, at most 10. @default 5 */
  readonly maximumActors?: number
  /**
   * Whether a client may get a token that does not name it as the actor. Nobody can then see that the user did not act.
   *
   * @default never
   */
  readonly impersonation?: (client: Client, subject: SubjectToken) => boolean | Promise<boolean>
  /** Tokens that may be exchanged besides this server's access tokens: `idTokens()`, `trustedTokens()`. @default [] */
  readonly subjectTokens?: readonly SubjectTokens[]
}

const name = 'urn:ietf:params:oauth:grant-type:token-exchange'
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
  const { maximumActors = 5, impersonation = () => false, subjectTokens = [] } = options
  if (!Number.isInteger(maximumActors) || maximumActors < 1 || maximumActors > 10)
    throw new TypeError('tokenExchange: maximumActors must be a whole number from 1 to 10')
  return {
    name,
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
      const { subject, actor } = await exchangeParties(request, subjectTokens, server)
      const impersonate = actor === client.client_id && (await impersonation(client, subject)) === true
      const act = impersonate ? subject.act : extendActorChain(actor, subject.act, maximumActors)
      return issue(request, subject, act, server)
    },
  }
}

async function issue(
  request: TokenRequest,
  subject: SubjectToken,
  act: Act | undefined,
  server: ServerContext,
): Promise<TokenResponse> {
  const { client, parameters } = request
  const now = server.now()
  const isClient = subject.subject.startsWith(clientSubjectPrefix)
  const user = isClient ? {} : await server.options.findUser(subject.subject)
  if (user === undefined) throw invalid('the subject_token is not valid')
  const resource = exchangeTarget(parameters, client, server)
  const scopes = exchangeScopes(parameters.get('scope'), subject.scopes, resource, client, user, server)
  const own = accessTokenLifetime(client, resource.resource, server)
  const lifetime = Math.min(own, subject.exp - Math.floor(now / 1000))
  if (lifetime < 1) throw invalid('the subject_token is not valid')
  const issuance = {
    grantType: name,
    subject: subject.subject,
    grantId: subject.grantId,
    act,
    scopes,
    resource: resource.resource,
    lifetime,
    authenticatedAt: subject.authTime === undefined ? undefined : subject.authTime * 1000,
    presented: subject.claims,
    user: isClient ? undefined : user,
    forUser: true,
  }
  const response = await issueAccessToken(issuance, request, now, server)
  return { ...response, issued_token_type: accessTokenType }
}
