import { readAtMost } from '@gatewright/core'
import { parseClientMetadata } from '../client-metadata.ts'
import type { ClientMetadata, RegistrationRules } from '../client-metadata.ts'
import { parseStrictJson } from './parse-strict-json.ts'

/** A metadata document that passed every check. */
export interface FetchedDocument {
  readonly metadata: ClientMetadata
  /** Seconds that the document may be used without asking again. */
  readonly maxAge: number
}

/** Why there is no document: `unavailable` may pass, `refused` is the answer of the client's own host. */
export interface DocumentFailure {
  readonly failure: 'unavailable' | 'refused'
  readonly message: string
  readonly cause?: unknown
}

/** What a metadata document may weigh. @see [OAuth Client ID Metadata Document draft-00 §6.6](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-6.6) */
export const maximumDocumentBytes = 5120

const leastAge = 60
const usualAge = 3600
const greatestAge = 86_400

/**
 * Fetches the metadata document of a client id.
 *
 * @see [OAuth Client ID Metadata Document draft-00 §4 - Client Information Discovery](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-4)
 */
export async function fetchDocument(
  clientId: string,
  fetcher: typeof fetch,
  rules: RegistrationRules,
): Promise<FetchedDocument | DocumentFailure> {
  let response: Response
  try {
    response = await fetcher(clientId, { headers: { accept: 'application/json' } })
  } catch (cause) {
    return { failure: 'unavailable', message: String(cause), cause }
  }
  const { status, headers } = response
  if (status !== 200)
    return {
      failure: status >= 500 || status === 429 ? 'unavailable' : 'refused',
      message: `the document was answered with ${status}`,
    }
  try {
    const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
    if (!/^application\/(?:[\w.-]+\+)?json$/.test(type)) throw new Error(`the document is of type "${type}"`)
    const bytes = await readAtMost(response.body ?? [], maximumDocumentBytes)
    if (bytes === undefined) throw new Error('the document is too large')
    return { metadata: parseDocument(parseStrictJson(bytes), clientId, rules), maxAge: maxAge(headers) }
  } catch (cause) {
    return { failure: 'refused', message: cause instanceof Error ? cause.message : String(cause), cause }
  }
}

function parseDocument(document: unknown, clientId: string, rules: RegistrationRules): ClientMetadata {
  const metadata = parseClientMetadata(document, rules)
  const {
    client_id: own,
    client_secret: secret,
    client_secret_expires_at: expiry,
  } = document as Record<string, unknown>
  // Whoever can put a document on a host could name another client otherwise.
  if (own !== clientId) throw new Error('client_id is not the URL that the document was fetched from')
  if (secret !== undefined || expiry !== undefined)
    throw new Error('a public document must not have a client_secret')
  return metadata
}

function maxAge(headers: Headers): number {
  const said = /(?:^|[\s,])max-age=(\d{1,9})(?=$|[\s,])/i.exec(headers.get('cache-control') ?? '')?.[1]
  const wanted = /no-store|no-cache/i.test(headers.get('cache-control') ?? '') ? 0 : Number(said ?? usualAge)
  return Math.min(greatestAge, Math.max(leastAge, wanted))
}
