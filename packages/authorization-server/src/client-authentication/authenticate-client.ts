import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/client-source.ts'
import type { ReadAhead } from '../requests/read-ahead.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import type { AuthenticatedClient } from './authenticated-client.ts'
import type { ClientAuthenticationMethod, ClientCandidate } from './client-authentication-method.ts'

/**
 * Establishes which client makes a back-channel request.
 *
 * @throws {OAuthError} `invalid_client` (401) when no reading of the credentials is right, `invalid_request` when there are two methods at once, and what a method throws
 * @see [RFC 6749 §5.2 - Error Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2)
 */
export async function authenticateClient(
  request: Request,
  parameters: RequestParameters,
  server: ServerContext,
  context: RequestContext,
  reads?: ReadAhead,
): Promise<AuthenticatedClient> {
  const { ip } = context
  const authorization = request.headers.get('authorization') ?? ''
  const triedBasic = /^basic(?: |$)/i.test(authorization)
  const named = parameters.get('client_id')
  const report = (reason: string, clientId = named, message?: string): void => {
    const about = { clientId: clientId?.slice(0, 256), ip, reason, message }
    server.emit({ type: 'client.authentication_failed', ...about })
  }
  const refuse = (reason: string, clientId?: string, message?: string): OAuthError => {
    report(reason, clientId, message)
    return new OAuthError('invalid_client', 'client authentication failed', {
      // RFC 6749 §5.2: the challenge answers the scheme that the client used.
      headers: triedBasic ? { 'www-authenticate': 'Basic realm="token", charset="UTF-8"' } : {},
    })
  }

  const presented = server.options.clientAuthentication.flatMap((method) => {
    const credentials = method.detect(request.headers, parameters, context)
    return credentials === undefined ? [] : [{ method, credentials }]
  })
  const explicit = presented.filter(({ method }) => method.isImplicit !== true)
  // RFC 6749 §2.3: a client must not use more than one method per request.
  const ways = [
    triedBasic,
    ...['client_secret', 'client_assertion'].map((name) => parameters.get(name) !== undefined),
  ]
  if (explicit.length > 1 || ways.filter(Boolean).length > 1)
    throw new OAuthError('invalid_request', 'the request uses more than one way of client authentication')
  const tried = explicit.length > 0 ? explicit : presented
  const [first] = tried
  if (first === undefined) throw refuse('no_credentials')

  const candidates = tried.flatMap(({ method, credentials }) =>
    credentials.candidates.map((candidate) => ({ method, candidate })),
  )
  let why: string | undefined
  let other: string | undefined
  for (const { method, candidate } of candidates) {
    if (named !== undefined && named !== candidate.clientId) continue
    const client = await findClient(candidate.clientId, server, { purpose: 'token', ip }, reads)
    if (client === undefined) continue
    if (!accepts(client, method, candidate, server)) {
      if (method.isImplicit !== true) throw refuse('method_not_allowed', client.client_id)
      other = client.client_id
      continue
    }
    const verdict = await method.verify(candidate, client, server).catch((error: unknown) => {
      if (error instanceof OAuthError) report(error.code, client.client_id, error.message)
      throw error
    })
    if (verdict === true) return client
    if (typeof verdict === 'object') return { ...client, instance: verdict.instance }
    if (typeof verdict === 'string') why = verdict
    other = undefined
    if (method.isImplicit === true) break
  }
  if (named !== undefined && candidates.every(({ candidate }) => candidate.clientId !== named))
    throw new OAuthError('invalid_request', 'client_id differs from the authenticated client')
  if (other !== undefined) throw refuse('method_not_allowed', other)
  throw refuse('unknown_client_or_wrong_secret', first.credentials.candidates[0].clientId, why)
}

function accepts(
  { authenticationMethods: methods }: Client,
  { name }: ClientAuthenticationMethod,
  { secret }: ClientCandidate,
  { options }: ServerContext,
): boolean {
  if (methods.includes(name)) return true
  // Some send a public client's id with an empty secret. That proves no more than `none`, so it counts only where that does.
  const isBare = name === 'client_secret_basic' && secret === '' && methods[0] === 'none'
  return isBare && options.clientAuthentication.some((method) => method.name === 'none')
}
