import { guardedFetch } from '@gatewright/core'
import { checkDuration } from '../../check-duration.ts'
import type { ServerContext } from '../../server-context.ts'
import type { ClientSource } from '../client-source.ts'
import { listUsedClients, noteUsedClient } from '../used-clients.ts'
import { isClientIdUrl } from './client-id-url.ts'
import { createDocumentClients } from './document-clients.ts'
import type { DocumentClients } from './document-clients.ts'
import type { FetchBudget } from './fetch-budget.ts'

/** Whose documents are taken, and how long they are kept. */
export interface MetadataDocumentsOptions {
  /** The hosts whose documents are taken, for example `['claude.ai']`; a port is part of it. @default all */
  readonly hosts?: readonly string[]
  /** Seconds that a document is used for new authorizations while its host does not answer. @default 86400 */
  readonly staleLifetime?: number
  /** Seconds that a client is kept until a user first approves it. @default 86400 */
  readonly unconfirmedLifetime?: number
  /** Seconds that a client is kept after its last use. @default 7776000 (90 days) */
  readonly unusedLifetime?: number
  /** Private-use schemes without a dot that redirect URIs may use, for example `cursor`. @default [] */
  readonly allowedSchemes?: readonly string[]
  /** `token_endpoint` also accepts assertions whose audience is the URL of the token endpoint. @default 'issuer' */
  readonly assertionAudience?: 'issuer' | 'token_endpoint'
  /** How much strangers may make the server fetch. @default { perHost: 30, perAddress: 10, atOnce: 20 } */
  readonly budget?: Partial<FetchBudget>
}

/** The options with every default filled in. */
export type ResolvedDocumentOptions = Required<Omit<MetadataDocumentsOptions, 'hosts' | 'budget'>> & {
  readonly budget: FetchBudget
}

/**
 * Clients whose id is the URL of a JSON document about them.
 *
 * The document is fetched when such a client asks for an authorization, and again when the copy has aged. How it is reached says
 * the server's option `clientUrls`. Such a client may only use the authorization code and refresh token grants, its name is
 * shown as unverified, and users are always asked.
 *
 * @throws {TypeError} when an option is out of range, and from `createAuthorizationServer` where the runtime cannot guard a fetch
 * @see [OAuth Client ID Metadata Document draft-00 §4](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-4)
 */
export function metadataDocuments({
  hosts,
  budget,
  ...options
}: MetadataDocumentsOptions = {}): ClientSource {
  const resolved: ResolvedDocumentOptions = {
    staleLifetime: 86_400,
    unconfirmedLifetime: 86_400,
    unusedLifetime: 7_776_000,
    allowedSchemes: [],
    assertionAudience: 'issuer',
    ...options,
    budget: { perHost: 30, perAddress: 10, atOnce: 20, ...budget },
  }
  for (const name of ['staleLifetime', 'unconfirmedLifetime', 'unusedLifetime'] as const)
    checkDuration(`metadataDocuments: ${name}`, resolved[name])
  for (const [name, count] of Object.entries(resolved.budget))
    if (!Number.isSafeInteger(count) || count < 1)
      throw new TypeError(`metadataDocuments: budget.${name} must be a positive integer`)

  const perServer = new WeakMap<ServerContext, DocumentClients>()
  const clientsOf = (server: ServerContext): DocumentClients => {
    const clients = perServer.get(server) ?? createDocumentClients(server, resolved)
    perServer.set(server, clients)
    return clients
  }
  return {
    name: 'metadata_documents',
    metadata: { client_id_metadata_document_supported: true },
    check({ clientUrls }) {
      guardedFetch(clientUrls)
    },
    async find(clientId, server, query, read) {
      if (!isClientIdUrl(clientId)) return undefined
      if (hosts !== undefined && !hosts.includes(new URL(clientId).host)) return undefined
      return clientsOf(server).find(clientId, query, read)
    },
    async used({ client_id: clientId, expiresAt }, server) {
      const promised = server.now() + resolved.unusedLifetime * 1000
      if (!isClientIdUrl(clientId) || expiresAt === undefined || expiresAt >= promised) return
      // An eighth more than promised, so that not every refresh moves the end.
      const until = promised + resolved.unusedLifetime * 125
      await clientsOf(server).keep(clientId, until)
      await noteUsedClient(clientId, until, server)
    },
    list: async (server) => (await listUsedClients(server)).filter(isClientIdUrl),
  }
}
