import type { ResourceHandler } from '@gatewright/mcp'
import { anyResult } from '../definitions/list-entries.ts'
import { localUri, upstreamUri } from '../definitions/resource-uri.ts'
import type { AskUpstream } from './ask-upstream.ts'
import { cleanContents } from './clean-result.ts'
import { UpstreamFailure } from './upstream-failure.ts'

/** Codes for a resource that does not exist, of the revisions before 2026-07-28 and since. */
const notFound = new Set([-32002, -32602])

/** What a reader needs besides. */
export interface ReaderParts {
  readonly prefix: string
  readonly scopes: readonly string[]
  /** Whether a URI of the upstream may be read by this handler at all. */
  readonly isOffered: (uri: string) => boolean
}

/** A handler that reads a resource of an upstream; `undefined` when the upstream has none. @throws {UpstreamFailure} when it fails */
export function resourceReader(
  ask: AskUpstream,
  { prefix, scopes, isOffered }: ReaderParts,
): ResourceHandler {
  return async (_variables, caller, extra) => {
    const uri = upstreamUri(extra.uri, prefix)
    if (!isOffered(uri)) return undefined
    try {
      return await ask({ name: extra.uri, scopes, caller, extra }, async (client, options) => {
        const result = await client.request({ method: 'resources/read', params: { uri } }, anyResult, options)
        return cleanContents(result, (each) => localUri(each, prefix))
      })
    } catch (error) {
      if (error instanceof UpstreamFailure && notFound.has(error.code ?? 0)) return undefined
      throw error
    }
  }
}
