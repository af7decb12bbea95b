import { formatScope, parseScope, sha256Base64url } from '@gatewright/core'
import type { Key, Operation, Stored } from '@gatewright/storage'
import type { Client } from '../clients/client.ts'
import { refreshTokenLifetime } from '../grants/refresh-token-lifetime.ts'
import type { ServerContext } from '../server-context.ts'
import type { PendingApproval } from './pending-request.ts'

/** What a user allowed a client, by the resources that it was allowed for. */
interface ConsentRecord {
  readonly schema: 1
  readonly clientId: string
  readonly scopes: Readonly<Record<string, string>>
}

type Asked = Pick<PendingApproval, 'redirectUri' | 'resources' | 'scopes' | 'promptConsent'>

/**
 * The scopes that a user allowed a client before, for the same resources; `undefined` when that does not count.
 *
 * It counts only where nobody else can be the client: it was registered by the operator, and the answer goes to an https
 * address. Any program can listen on a loopback port or claim a scheme, and a device could be anybody's.
 *
 * @see [RFC 8252 §8.6 - Client Impersonation](https://www.rfc-editor.org/rfc/rfc8252.html#section-8.6)
 */
export async function rememberedConsent(
  asked: Asked,
  client: Client,
  subject: string,
  now: number,
  server: ServerContext,
): Promise<readonly string[] | undefined> {
  if (!isAssured(asked, client) || asked.promptConsent === true) return undefined
  const stored = await read(client.client_id, subject, now, server)
  const scopes = stored?.value.scopes ?? {}
  const name = nameOf(asked)
  return Object.hasOwn(scopes, name) ? parseScope(scopes[name]) : undefined
}

/** Whether all of the scopes asked for were allowed before, by hierarchy too. */
export function covers(before: readonly string[], scopes: readonly string[], server: ServerContext): boolean {
  return scopes.every(
    (name) =>
      before.includes(name) || (!server.scopes.isIdentity(name) && server.scopes.within(name, before)),
  )
}

/** Notes what a user allowed. Of what was asked for now, only that is left; when somebody else was first, the user is asked again. */
export async function rememberConsent(
  asked: Asked,
  approved: readonly string[],
  client: Client,
  subject: string,
  now: number,
  server: ServerContext,
): Promise<void> {
  if (!isAssured(asked, client)) return
  const stored = await read(client.client_id, subject, now, server)
  const name = nameOf(asked)
  const earlier = stored?.value.scopes ?? {}
  const kept = parseScope(Object.hasOwn(earlier, name) ? earlier[name] : undefined)
  const declined = new Set(asked.scopes.filter((scope) => !approved.includes(scope)))
  const scopes = [...new Set([...kept, ...approved])].filter((scope) => !declined.has(scope)).toSorted()
  if (formatScope(scopes) === formatScope(kept)) return
  const record: ConsentRecord = {
    schema: 1,
    clientId: client.client_id,
    scopes: { ...earlier, [name]: formatScope(scopes) },
  }
  const written = { value: { ...record }, expiresAt: now + refreshTokenLifetime(client, server) * 1000 }
  const operation: Operation =
    stored === undefined
      ? { type: 'insert', key: await keyOf(client.client_id, subject, server), ...written }
      : { type: 'replace', key: stored.key, revision: stored.revision, ...written }
  await server.storage.commit([operation], now)
}

/** Forgets what a user allowed a client, so that the user is asked again. */
export async function forgetConsent(
  clientId: string,
  subject: string,
  now: number,
  server: ServerContext,
): Promise<void> {
  await server.storage.commit([{ type: 'delete', key: await keyOf(clientId, subject, server) }], now)
}

function isAssured({ redirectUri }: Asked, client: Client): boolean {
  return client.consent === 'once' && client.verified && redirectUri?.startsWith('https:') === true
}

function nameOf({ resources }: Asked): string {
  return resources.toSorted().join(' ')
}

async function keyOf(clientId: string, subject: string, server: ServerContext): Promise<Key> {
  const partition = await server.partitions.subject(subject)
  return { partition, collection: 'consents', id: await sha256Base64url(clientId) }
}

async function read(
  clientId: string,
  subject: string,
  now: number,
  server: ServerContext,
): Promise<Stored<ConsentRecord> | undefined> {
  const [stored] = await server.storage.get([await keyOf(clientId, subject, server)], now)
  return stored as Stored<ConsentRecord> | undefined
}
