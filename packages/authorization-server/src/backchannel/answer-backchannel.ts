import type { Subject } from '@gatewright/core'
import { findClient } from '../clients/client-source.ts'
import type { Client } from '../clients/client.ts'
import { recognize } from '../interaction/arrival.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { consumePendingRequest, findPendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import { visit } from '../interaction/visit.ts'
import { answerOnPage } from '../polling/answer-on-page.ts'
import { findPolledRequest, isOpen } from '../polling/polled-request.ts'
import type { StoredPolledRequest } from '../polling/polled-request.ts'
import { approvePolled, denyPolled } from '../polling/settle-polled.ts'
import type { ServerContext } from '../server-context.ts'
import { backchannelPurpose } from './backchannel-request.ts'
import type { PendingBackchannel } from './backchannel-request.ts'
import { cibaKind } from './ciba-kind.ts'
import { pingClient } from './ping-client.ts'

/** A request that still waits, with all that an answer needs. */
export interface WaitingBackchannel {
  readonly open: OpenRequest<PendingBackchannel>
  readonly found: StoredPolledRequest
  readonly client: Client
}

/** Asks the user on the page that the link leads to; whoever is not signed in signs in first. */
export async function answerOnBackchannelPage(
  open: OpenRequest<PendingBackchannel>,
  arrival: Arrival,
  server: ServerContext,
): Promise<Response> {
  const { session } = await recognize(open, arrival, server)
  // Before anything is asked: a stranger with the link must not be able to deny.
  if (session === undefined) return visit('interaction', { ...arrival, form: undefined }, server)
  return answerOnPage(cibaKind, open, arrival, server, async (client) => {
    const pinged = pingClient(open.request, client, server)
    arrival.context.waitUntil?.(pinged)
    if (arrival.context.waitUntil === undefined) await pinged
  })
}

/** The request of an id, while it waits for its user. */
export async function findWaiting(
  id: string,
  now: number,
  server: ServerContext,
): Promise<WaitingBackchannel | undefined> {
  const open = await findPendingRequest(id, now, server)
  if (open?.request.purpose !== backchannelPurpose) return undefined
  const waiting = open as OpenRequest<PendingBackchannel>
  const { clientId, polled } = waiting.request
  const found = await findPolledRequest(cibaKind, polled, now, server)
  const client = await findClient(clientId, server)
  if (found === undefined || client === undefined || !isOpen(found, now)) return undefined
  return { open: waiting, found, client }
}

/** Stores the answer that somebody else got from the user. `false` when there was one before. */
export async function settleWaiting(
  { open, found, client }: WaitingBackchannel,
  answer: { readonly login: Subject; readonly scopes: readonly string[] } | undefined,
  now: number,
  server: ServerContext,
): Promise<boolean> {
  if (!(await consumePendingRequest(open, now, server))) return false
  const ip = undefined
  const settled =
    answer === undefined
      ? await denyPolled(found, { ip, message: 'the user denied the request' }, now, server)
      : await approvePolled(found, open.request, client, { ...answer, ip }, now, server)
  if (settled) await pingClient(open.request, client, server)
  return settled
}
