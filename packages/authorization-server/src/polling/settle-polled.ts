import type { Subject } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { Grant } from '../grants/grant.ts'
import { newGrant } from '../grants/new-grant.ts'
import type { PendingApproval } from '../interaction/pending-request.ts'
import type { ServerContext } from '../server-context.ts'
import { polledChange } from './polled-request.ts'
import type { PolledReference, StoredPolledRequest } from './polled-request.ts'

/** A request that waits for one user, as the browser's side of it is stored. */
export interface PendingAnswer extends PendingApproval {
  readonly polled: PolledReference
}

/** What the user decided, and from where. */
export interface PolledAnswer {
  readonly login: Subject
  readonly scopes: readonly string[]
  readonly ip: string | undefined
}

// A client that waits for its next turn to ask must not find the code expired that was approved in time.
const timeToCollect = 120_000

/** Notes an approval and makes its grant, in one commit. `false` when somebody else answered first. */
export async function approvePolled(
  found: StoredPolledRequest,
  request: PendingAnswer,
  client: Client,
  { login, scopes, ip }: PolledAnswer,
  now: number,
  server: ServerContext,
): Promise<boolean> {
  const { grantId, id } = found.reference
  const expiresAt = Math.max(found.value.expiresAt, now + timeToCollect)
  const { instance } = found.value
  const grant: Grant = {
    ...newGrant(request, client, login, scopes, now, server),
    code: { hash: id, expiresAt, ...(instance === undefined ? {} : { instance }) },
  }
  const approved = polledChange(found, { state: 'approved', expiresAt })
  if (!(await server.grants.create(grantId, grant, expiresAt, now, [approved]))) return false
  const { clientId, subject, scope } = grant
  server.emit({ type: 'consent.approved', clientId, subject, grantId, ip, scope })
  return true
}

/** Notes a refusal. `false` when somebody else answered first. */
export async function denyPolled(
  found: StoredPolledRequest,
  { ip, message }: { readonly ip: string | undefined; readonly message: string },
  now: number,
  server: ServerContext,
): Promise<boolean> {
  if (!(await server.storage.commit([polledChange(found, { state: 'denied' })], now))) return false
  const { clientId, answerer } = found.value
  server.emit({ type: 'consent.denied', clientId, subject: answerer?.subject, ip, message })
  return true
}
