import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import type { AccessTokenClaims } from '../tokens/access-token.ts'
import { activeToken } from '../tokens/token-state.ts'
import { clientSubjectPrefix } from './client-credentials.ts'
import { exchangeableTypes } from './exchangeable-types.ts'

const invalid = (message: string) => new OAuthError('invalid_request', message)

/** For whom a token is exchanged, and who acts. */
export interface ExchangeParties {
  readonly subject: AccessTokenClaims
  /** The id of the actor, as it stands in `act`. */
  readonly actor: string
}

/**
 * Reads the subject token and the actor token of an exchange.
 *
 * @throws {OAuthError} `invalid_request` when one is missing, not valid, not the client's to use, or names another actor
 * @see [RFC 8693 §2.1 - Request](https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1)
 */
export async function exchangeParties(
  parameters: RequestParameters,
  client: Client,
  server: ServerContext,
): Promise<ExchangeParties> {
  const subject = await readSubject(parameters, client, server)
  const actor = await readActor(parameters, client, server)
  checkMayAct(subject, actor)
  return { subject, actor }
}

async function readSubject(
  parameters: RequestParameters,
  client: Client,
  server: ServerContext,
): Promise<AccessTokenClaims> {
  const claims = await readToken('subject', parameters, server)
  if (claims === undefined) throw invalid('subject_token is missing')
  // A token that was sent to somebody else is not the client's to use: it would be a confused deputy.
  const own = claims.client_id === client.client_id || client.serves?.includes(claims.aud) === true
  if (!own) throw invalid('the subject_token is not valid')
  return claims
}

/** Who acts: the client, or whom the actor token names. That must be a token of the client itself. */
async function readActor(
  parameters: RequestParameters,
  client: Client,
  server: ServerContext,
): Promise<string> {
  const claims = await readToken('actor', parameters, server)
  if (claims === undefined) return client.client_id
  if (claims.client_id !== client.client_id) throw invalid('the actor_token is not valid')
  return claims.sub.startsWith(clientSubjectPrefix) ? claims.client_id : claims.sub
}

async function readToken(
  role: 'subject' | 'actor',
  parameters: RequestParameters,
  server: ServerContext,
): Promise<AccessTokenClaims | undefined> {
  const token = parameters.get(`${role}_token`)
  const type = parameters.get(`${role}_token_type`)
  // RFC 8693 §2.1: the type is required with a token, and must not be sent without one.
  if ((token === undefined) !== (type === undefined))
    throw invalid(`${role}_token and ${role}_token_type belong together`)
  if (token === undefined || type === undefined) return undefined
  if (!exchangeableTypes.includes(type)) throw invalid(`${role}_token_type is not supported`)
  const claims = await activeToken(token, server.now(), server)
  if (claims === undefined) throw invalid(`the ${role}_token is not valid`)
  return claims
}

// RFC 8693 §4.4: a token that names who may act for its subject is for nobody else.
function checkMayAct(subject: AccessTokenClaims & { readonly may_act?: unknown }, actor: string): void {
  const { may_act: mayAct } = subject
  if (mayAct === undefined) return
  const named = typeof mayAct === 'object' && mayAct !== null && 'sub' in mayAct ? mayAct.sub : undefined
  if (named !== actor) throw invalid('the subject_token names another actor')
}
