import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/client-source.ts'
import type { ReadAhead } from '../requests/read-ahead.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Establishes which client makes a back-channel request.
 *
 * @throws {OAuthError} `invalid_client` (401) when no reading of the credentials is right, `invalid_request` when there are two methods at once
 * @see [RFC 6749 §5.2 - Error Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2)
 */
export async function authenticateClient(
  request: Request,
  parameters: RequestParameters,
  server: ServerContext,
  ip: string | undefined,
  reads?: ReadAhead,
): Promise<Client> {
  const authorization = request.headers.get('authorization') ?? ''
  const triedBasic = /^basic(?: |$)/i.test(authorization)
  const named = parameters.get('client_id')
  const refuse = (reason: string, clientId = named, message?: string): OAuthError => {
    const about = { clientId: clientId?.slice(0, 256), ip, reason, message }
    server.emit({ type: 'client.authentication_failed', ...about })
    return new OAuthError('invalid_client', 'client authentication failed', {
      // RFC 6749 §5.2: the challenge answers the scheme that the client used.
      headers: triedBasic ? { 'www-authenticate': 'Basic realm="token", charset="UTF-8"' } : {},
    })
  }

  const presented = server.options.clientAuthentication.flatMap((method) => {
    const credentials = method.detect(request.headers, parameters)
    return credentials === undefined ? [] : [{ method, credentials }]
  })
  const [used, second] = presented
  // RFC 6749 §2.3: a client must not use more than one method per request.
  const ways = [
    triedBasic,
    ...['client_secret', 'client_assertion'].map((name) => parameters.get(name) !== undefined),
  ]
  if (second !== undefined || ways.filter(Boolean).length > 1)
    throw new OAuthError('invalid_request', 'the request uses more than one way of client authentication')
  if (used === undefined) throw refuse('no_credentials')

  let why: string | undefined
  for (const candidate of used.credentials.candidates) {
    if (named !== undefined && named !== candidate.clientId) continue
    const client = await findClient(candidate.clientId, server, { purpose: 'token', ip }, reads)
    if (client === undefined) continue
    const emptyBasic = used.method.name === 'client_secret_basic' && candidate.secret === ''
    const accepted =
      client.authenticationMethods.includes(used.method.name) ||
      (emptyBasic && client.authenticationMethods[0] === 'none')
    if (!accepted) throw refuse('method_not_allowed', client.client_id)
    const verdict = await used.method.verify(candidate, client, server)
    if (verdict === true) return client
    if (typeof verdict === 'string') why = verdict
  }
  if (named !== undefined && used.credentials.candidates.every(({ clientId }) => clientId !== named))
    throw new OAuthError('invalid_request', 'client_id differs from the authenticated client')
  throw refuse('unknown_client_or_wrong_secret', used.credentials.candidates[0].clientId, why)
}
