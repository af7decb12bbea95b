import { OAuthError, parseScope } from '@gatewright/core'
import type { Confirmation } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { lookUpClient } from '../clients/client-source.ts'
import { isVouchedFor, passwordProvider } from '../interaction/require-provider.ts'
import type { SubjectToken, SubjectTokens } from '../exchange/subject-tokens.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import { requireConfirmation } from '../sender/sender-constraint.ts'
import type { ServerContext } from '../server-context.ts'
import { activeToken } from '../tokens/token-state.ts'
import { clientSubjectPrefix } from './client-credentials.ts'
import { exchangeableTypes } from './exchangeable-types.ts'
import type { TokenRequest } from './grant-type.ts'

const invalid = (message: string) => new OAuthError('invalid_request', message)

/** For whom a token is exchanged, and who acts. */
export interface ExchangeParties {
  readonly subject: SubjectToken
  /** The id of the actor, as it stands in `act`. */
  readonly actor: string
}

/**
 * Reads the subject token and the actor token of an exchange.
 *
 * A token that is bound to a key or certificate counts only for who proves that: a stolen token that is of no use itself must
 * not buy one that is.
 *
 * @throws {OAuthError} `invalid_request` when one is missing, not valid, not the client's to use, or names another actor, and when
 *   the user logged in where the client's users may not;
 *   `invalid_dpop_proof` when a proof is missing
 * @see [RFC 8693 §2.1 - Request](https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1)
 */
export async function exchangeParties(
  { parameters, client, confirmation }: TokenRequest,
  others: readonly SubjectTokens[],
  server: ServerContext,
): Promise<ExchangeParties> {
  const subject = await readSubject(parameters, client, others, server)
  const isClient = subject.subject.startsWith(clientSubjectPrefix)
  if (!isClient && !isVouchedFor(client.providers, subject.provider))
    throw invalid('users of this client have to log in in another way')
  const cnf = subject.claims['cnf'] as Confirmation | undefined
  requireConfirmation(cnf, confirmation, 'the subject_token', 'invalid_request')
  const actor = await readActor(parameters, client, confirmation, server)
  checkMayAct(subject, actor, server)
  return { subject, actor }
}

async function readSubject(
  parameters: RequestParameters,
  client: Client,
  others: readonly SubjectTokens[],
  server: ServerContext,
): Promise<SubjectToken> {
  const presented = presentedToken('subject', parameters)
  if (presented === undefined) throw invalid('subject_token is missing')
  const { token, type } = presented
  const sources = [accessTokens, ...others].filter((source) => accepts(source, type))
  if (sources.length === 0) throw invalid('subject_token_type is not supported')
  for (const source of sources) {
    const subject = await source.read(token, client, server)
    if (subject !== undefined) return subject
  }
  throw invalid('the subject_token is not valid')
}

const accepts = (source: SubjectTokens, type: string) =>
  source === accessTokens ? exchangeableTypes.includes(type) : source.type === type

const accessTokens: SubjectTokens = {
  type: 'urn:ietf:params:oauth:token-type:access_token',
  async read(token, client, server) {
    const claims = await activeToken(token, server.now(), server)
    // A token that was sent to somebody else is not the client's to use: it would be a confused deputy.
    if (claims === undefined || (claims.client_id !== client.client_id && !serves(client, claims.aud)))
      return undefined
    const { sub: subject, exp, act, grant_id: grantId, auth_time: authTime } = claims
    const mayAct = (claims as { readonly may_act?: unknown }).may_act
    return {
      subject,
      exp,
      act,
      grantId,
      authTime,
      provider: client.providers && (await providerOf(grantId, server)),
      mayAct,
      scopes: parseScope(claims.scope),
      claims: { ...claims },
    }
  },
}

/** How the user of a grant logged in. */
async function providerOf(grantId: string | undefined, server: ServerContext): Promise<string | undefined> {
  const grant = grantId === undefined ? undefined : await server.grants.read(grantId, server.now())
  return grant && (grant.value.provider ?? passwordProvider)
}

const serves = (client: Client, resource: string) => client.serves?.includes(resource) === true

/** Who acts: the client, or whom the actor token names. That must be a token of the client itself. */
async function readActor(
  parameters: RequestParameters,
  client: Client,
  confirmation: Confirmation | undefined,
  server: ServerContext,
): Promise<string> {
  const presented = presentedToken('actor', parameters)
  if (presented === undefined) return client.client_id
  if (!exchangeableTypes.includes(presented.type)) throw invalid('actor_token_type is not supported')
  const claims = await activeToken(presented.token, server.now(), server)
  if (claims?.client_id !== client.client_id) throw invalid('the actor_token is not valid')
  requireConfirmation(claims.cnf, confirmation, 'the actor_token', 'invalid_request')
  // Whoever acts for the actor would vanish from the chain.
  if (claims.act !== undefined) throw invalid('the actor_token is itself used by another actor')
  if (claims.sub.startsWith(clientSubjectPrefix)) return claims.client_id
  // RFC 8693 §4.1: act names clients and users alike. A user whose id is also a client's would pass for that client.
  if ((await lookUpClient(claims.sub, server)) !== undefined)
    throw invalid('the user of the actor_token has the id of a client')
  return claims.sub
}

function presentedToken(role: 'subject' | 'actor', parameters: RequestParameters) {
  const token = parameters.get(`${role}_token`)
  const type = parameters.get(`${role}_token_type`)
  // RFC 8693 §2.1: the type is required with a token, and must not be sent without one.
  if ((token === undefined) !== (type === undefined))
    throw invalid(`${role}_token and ${role}_token_type belong together`)
  return token === undefined || type === undefined ? undefined : { token, type }
}

// RFC 8693 §4.4: a token that names who may act for its subject is for nobody else.
function checkMayAct({ mayAct }: SubjectToken, actor: string, { issuer }: ServerContext): void {
  if (mayAct === undefined) return
  const { sub, iss = issuer } = (typeof mayAct === 'object' && mayAct !== null ? mayAct : {}) as {
    readonly sub?: unknown
    readonly iss?: unknown
  }
  // An actor of another issuer is another actor, even if the two have the same name.
  if (sub !== actor || iss !== issuer) throw invalid('the subject_token names another actor')
}
