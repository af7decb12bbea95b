import type { IpAddress } from './ip-address.ts'

/** What a guarded request is sent with. */
export interface PinnedRequest {
  readonly method: string
  readonly headers: Headers
  readonly body: ArrayBuffer | null
  readonly redirect: 'manual'
  readonly signal: AbortSignal
}

/** Sends one request and follows no redirect. */
export type PinnedFetch = (url: URL, request: PinnedRequest) => Promise<Response>

/**
 * Makes a fetch that connects only to addresses that are permitted. The file for Node.js stands beside this one; here is what
 * every other runtime gets.
 *
 * @throws {TypeError} always: `fetch` does not tell to which address it connects
 */
export function pinnedFetch(_permits: (address: IpAddress) => boolean): PinnedFetch {
  throw new TypeError(
    'this runtime cannot check which address a request connects to; pass the option fetch, with one that reaches the internet only',
  )
}
