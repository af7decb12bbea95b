import type { ReadRecords } from '../../requests/read-ahead.ts'
import type { ServerContext } from '../../server-context.ts'
import type { ClientMetadata, RegistrationRules } from '../client-metadata.ts'
import type { ClientQuery } from '../client-source.ts'
import type { Client } from '../client.ts'
import { fetchFromClient } from '../fetch-from-client.ts'
import { selfRegisteredClient, selfRegistrationRules } from '../self-registration.ts'
import { keepCopy, readCopy } from './document-store.ts'
import type { KeptCopy } from './document-store.ts'
import { mayFetch } from './fetch-budget.ts'
import { fetchDocument, maximumDocumentBytes } from './fetch-document.ts'
import type { DocumentFailure } from './fetch-document.ts'
import type { ResolvedDocumentOptions } from './metadata-documents.ts'
import { createRecentMap } from '../recent-map.ts'

/** A client with the copy of the document that it was made from. */
interface KnownClient extends KeptCopy {
  readonly client: Client
}

/** The clients of one server that are described by documents. */
export interface DocumentClients {
  find(clientId: string, query?: ClientQuery, read?: ReadRecords): Promise<Client | undefined>
  /** Keeps a client's copy until an instant in milliseconds. */
  keep(clientId: string, expiresAt: number): Promise<void>
}

const memorySize = 500
/** Milliseconds until a host that failed is asked again, where there is a copy to go on with. Nothing else remembers a failure. */
const pause = 60_000

/** Finds clients in memory, in the storage, and at their own hosts, in this order. */
export function createDocumentClients(
  server: ServerContext,
  options: ResolvedDocumentOptions,
): DocumentClients {
  const fetcher = fetchFromClient(server, maximumDocumentBytes)
  const rules: RegistrationRules = documentRules(server, options.allowedSchemes)
  const recent = createRecentMap<KnownClient>(memorySize)
  const paused = createRecentMap<{ readonly until: number; readonly failure: DocumentFailure }>(memorySize)
  const running = new Map<string, Promise<KnownClient | DocumentFailure>>()

  function remember(clientId: string, { copy, expiresAt }: KeptCopy): KnownClient {
    const { metadata } = copy
    const client = selfRegisteredClient(clientId, metadata, {
      authenticationMethods: [metadata.token_endpoint_auth_method],
      secretHashes: [],
      expiresAt,
      allowedSchemes: options.allowedSchemes,
      assertionAudience: options.assertionAudience,
    })
    const known = { copy, expiresAt, client }
    recent.set(clientId, known)
    return known
  }

  async function lookUp(clientId: string, read: ReadRecords | undefined): Promise<KnownClient | undefined> {
    const now = server.now()
    const inMemory = recent.get(clientId)
    if (inMemory !== undefined && inMemory.copy.freshUntil > now && inMemory.expiresAt > now) return inMemory
    const kept = await readCopy(clientId, server, read)
    return kept === undefined ? undefined : remember(clientId, kept)
  }

  // All who wait for one document wait for one request.
  async function renew(clientId: string, known: KnownClient | undefined, ip: string | undefined) {
    const pending = running.get(clientId)
    if (pending !== undefined) return pending
    if (running.size >= options.budget.atOnce) return unavailable('too many documents are being fetched')
    const work = fetchAndKeep(clientId, known, ip).finally(() => running.delete(clientId))
    running.set(clientId, work)
    return work
  }

  async function fetchAndKeep(clientId: string, known: KnownClient | undefined, ip: string | undefined) {
    if (!(await mayFetch(new URL(clientId), ip, options.budget, server)))
      return unavailable('the budget for fetching documents is used up')
    const fetched = await fetchDocument(clientId, fetcher, rules)
    if ('failure' in fetched) return fetched
    const now = server.now()
    const { metadata, maxAge } = fetched
    const copy = { schema: 1, metadata, fetchedAt: now, freshUntil: now + maxAge * 1000 } as const
    const expiresAt = Math.max(known?.expiresAt ?? 0, now + options.unconfirmedLifetime * 1000)
    await keepCopy(clientId, { copy, expiresAt }, server)
    const changed = known === undefined ? [] : changedMembers(known.copy.metadata, metadata)
    const about = { clientId: clientId.slice(0, 256), ip, registered: metadata.redirect_uris }
    if (known === undefined) server.emit({ type: 'client.registered', ...about })
    else if (changed.length > 0)
      server.emit({ type: 'client.metadata_changed', ...about, message: `changed: ${changed.join(', ')}` })
    return remember(clientId, { copy, expiresAt })
  }

  return {
    async find(clientId, query, read) {
      const known = await lookUp(clientId, read)
      const now = server.now()
      if (query === undefined || (known !== undefined && known.copy.freshUntil > now)) return known?.client
      const waiting = known === undefined ? undefined : paused.get(clientId)
      const renewed =
        waiting !== undefined && waiting.until > now
          ? waiting.failure
          : await renew(clientId, known, query.ip)
      if (!('failure' in renewed)) return renewed.client
      const { failure, message, cause } = renewed
      if (renewed !== waiting?.failure) {
        const about = { clientId: clientId.slice(0, 256), ip: query.ip, reason: failure, message, cause }
        server.emit({ type: 'client.metadata_refused', ...about })
        paused.set(clientId, { until: now + pause, failure: renewed })
      }
      if (known === undefined) return undefined
      // Tokens are refreshed by what the user approved. Nothing new is approved by a document that its host took back.
      const stillGood = failure === 'unavailable' && known.copy.fetchedAt + options.staleLifetime * 1000 > now
      return query.purpose === 'token' || stillGood ? known.client : undefined
    },
    async keep(clientId, expiresAt) {
      const kept = await readCopy(clientId, server)
      if (kept === undefined) return
      await keepCopy(clientId, { ...kept, expiresAt }, server)
      remember(clientId, { ...kept, expiresAt })
    },
  }
}

// A secret that is in a public document is none.
function documentRules(server: ServerContext, allowedSchemes: readonly string[]): RegistrationRules {
  const rules = selfRegistrationRules(server, { allowedSchemes, defaultMethod: 'none' })
  const authenticationMethods = rules.authenticationMethods.filter(
    (name) => !name.startsWith('client_secret_'),
  )
  return { ...rules, authenticationMethods }
}

const unavailable = (message: string): DocumentFailure => ({ failure: 'unavailable', message })

function changedMembers(before: ClientMetadata, after: ClientMetadata): string[] {
  const members = Object.keys({ ...before, ...after }) as (keyof ClientMetadata)[]
  return members.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}
