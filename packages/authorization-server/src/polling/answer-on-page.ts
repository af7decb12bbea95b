import { OAuthError } from '@gatewright/core'
import type { Session } from '@gatewright/core'
import { findClient } from '../clients/client-source.ts'
import type { Client } from '../clients/client.ts'
import { advance } from '../interaction/advance.ts'
import { recognize } from '../interaction/arrival.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { consumePendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import { requireProvider } from '../interaction/require-provider.ts'
import { hasAccountPage } from '../pages/has-account-page.ts'
import { PageError } from '../requests/page-error.ts'
import type { ServerContext } from '../server-context.ts'
import type { PolledKind } from './polled-kind.ts'
import { findPolledRequest, isOpen } from './polled-request.ts'
import type { Answerer, StoredPolledRequest } from './polled-request.ts'
import { approvePolled, denyPolled } from './settle-polled.ts'
import type { PendingAnswer } from './settle-polled.ts'

/** Asks the user what the client may do, and stores the answer for the client to fetch. */
export async function answerOnPage(
  kind: PolledKind,
  open: OpenRequest<PendingAnswer>,
  arrival: Arrival,
  server: ServerContext,
  settled?: (client: Client) => Promise<void>,
): Promise<Response> {
  const { clientId, polled } = open.request
  const { now, context } = arrival
  const client = await findClient(clientId, server)
  const waiting = await findPolledRequest(kind, polled, now, server)
  if (client === undefined || waiting === undefined || !isOpen(waiting, now)) throw gone()
  const { session } = await recognize(open, arrival, server)
  // The client would otherwise act for whoever was made to open this page, and anybody could deny.
  if (!isAnswerer(waiting.value.answerer, session)) throw notYours(kind)
  const done = async (approved: boolean) => {
    await settled?.(client)
    const content = {
      approved,
      clientName: client.client_name ?? clientId,
      device: open.request.userCode !== undefined,
      disconnectable: hasAccountPage(server),
    }
    return server.pages.show('deviceDone', content, { http: arrival.http })
  }
  try {
    // Another login would be another session.
    requireProvider(client.providers, session)
    const answer = await advance(open, client, arrival, server)
    if (answer instanceof Response) return answer
    if (kind.requires !== undefined && !answer.scopes.includes(kind.requires))
      throw new OAuthError('access_denied', `the user did not grant ${kind.requires}`)
    const found = await claim(kind, open, answer.session, now, server)
    const given = { login: answer.session, scopes: answer.scopes, ip: context.ip }
    if (!(await approvePolled(found, open.request, client, given, now, server))) throw gone()
    return done(true)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'access_denied' || error instanceof PageError)
      throw error
    const found = await claim(kind, open, session, now, server)
    if (!(await denyPolled(found, { ip: context.ip, message: error.message }, now, server))) throw gone()
    return done(false)
  }
}

/** Takes the request away from the browser's side, when it still waits for this session. */
async function claim(
  kind: PolledKind,
  open: OpenRequest<PendingAnswer>,
  session: Session | undefined,
  now: number,
  server: ServerContext,
): Promise<StoredPolledRequest> {
  const found = await findPolledRequest(kind, open.request.polled, now, server)
  if (found === undefined || !isOpen(found, now)) throw gone()
  // The interaction may have signed somebody else in meanwhile, and another session may have become the one that answers.
  if (!isAnswerer(found.value.answerer, session)) throw notYours(kind)
  if (!(await consumePendingRequest(open, now, server))) throw gone()
  return found
}

function isAnswerer(answerer: Answerer | undefined, session: Session | undefined): boolean {
  return (
    answerer !== undefined &&
    session?.subject === answerer.subject &&
    session.sessionId === (answerer.sessionId ?? session.sessionId)
  )
}

function notYours({ notYours: kind }: PolledKind): PageError {
  return new PageError(kind, 'access_denied', 'the request waits for another user or session', 403)
}

function gone(): PageError {
  return new PageError('expired', 'invalid_request', 'the request was answered or has expired')
}
