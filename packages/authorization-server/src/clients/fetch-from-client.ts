import { guardedFetch } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'

/**
 * Makes a fetch for a URL that a client named: guarded, and bounded by the bytes of the answer.
 *
 * @param timeout seconds
 */
export function fetchFromClient({ options }: ServerContext, maximumBytes: number, timeout = 5): typeof fetch {
  return guardedFetch({ ...options.clientUrls, maximumBytes, timeout })
}
