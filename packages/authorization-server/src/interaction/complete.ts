import { OAuthError, sha256Base64url } from '@gatewright/core'
import { detailTypes } from '../authorization-details/granted-details.ts'
import type { Client } from '../clients/client.ts'
import type { Grant } from '../grants/grant.ts'
import { newGrant } from '../grants/new-grant.ts'
import { createCode, createGrantId } from '../grants/token-formats.ts'
import { authorizationResponse } from '../requests/authorization-response.ts'
import type { ResponseTarget } from '../requests/authorization-response.ts'
import { challengeNote } from '../requests/challenge-note.ts'
import { PageError } from '../requests/page-error.ts'
import type { ServerContext } from '../server-context.ts'
import type { Answer } from './advance.ts'
import type { Arrival } from './arrival.ts'
import { rememberConsent } from './remembered-consent.ts'
import { consumePendingRequest } from './pending-request.ts'
import type { OpenRequest, PendingRequest } from './pending-request.ts'

/** Turns an approval into a grant and sends its code to the client. Of two answers at the same time, one does. */
export async function complete(
  open: OpenRequest<PendingRequest>,
  client: Client,
  target: ResponseTarget,
  { session, scopes, remembered }: Answer,
  { http, context, now }: Arrival,
  server: ServerContext,
): Promise<Response> {
  // RFC 9700 §2.1.1: in place of PKCE stands the nonce, and only an ID token brings it back.
  if (open.request.challenge === undefined && !scopes.includes('openid'))
    throw new OAuthError('access_denied', 'the user did not grant openid, which this client depends on')
  const { client_id: clientId } = client
  const approval = { clientId, subject: session.subject }
  const details = await server.options.authorizationDetails.grant(open.request.details, approval)
  if (!(await consumePendingRequest(open, now, server)))
    throw new PageError('answered', 'invalid_request', 'the request was answered before')
  const { request } = open
  const grantId = createGrantId(server.runtime)
  // Before the grant, so that no logout can miss it. An app that is not told who the user is does not stand on the session.
  if (scopes.includes('openid')) {
    const endsWithIt = scopes.includes('offline_access') ? undefined : grantId
    if (!(await server.sessions.join(session.sessionId, client.client_id, endsWithIt, now)))
      throw new OAuthError('login_required', 'the session has ended')
  }
  const code = createCode(grantId, server.secret())
  const codeExpiresAt = now + server.options.codeLifetime * 1000
  const grant: Grant = {
    ...newGrant(request, client, session, scopes, now, server),
    ...(details === undefined ? {} : { details }),
    sessionId: session.sid,
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    code: {
      hash: await sha256Base64url(code),
      redirectUri: target.redirectUri,
      redirectUriSent: request.redirectUriSent,
      expiresAt: codeExpiresAt,
      ...(request.challenge === undefined ? {} : { challenge: request.challenge }),
      ...(request.jkt === undefined ? {} : { jkt: request.jkt }),
      ...(request.instance === undefined ? {} : { instance: request.instance }),
    },
  }
  const told = {
    clientId: client.client_id,
    subject: session.subject,
    grantId,
    ip: context.ip,
    scope: grant.scope,
    ...detailTypes(details),
  }
  const note = challengeNote(request.challenge, told, now, server)
  const [created] = await Promise.all([
    server.grants.create(grantId, grant, codeExpiresAt, now, [], note),
    remembered ?? rememberConsent(request, scopes, client, session.subject, now, server),
  ])
  if (!created) throw new Error('a new grant id is already taken: the random source repeats itself')
  server.emit({ type: 'consent.approved', ...told })
  server.emit({ type: 'authorization_code.issued', ...told })
  const { issuer, pages } = server
  return authorizationResponse(target, { code }, { issuer, pages, http })
}
