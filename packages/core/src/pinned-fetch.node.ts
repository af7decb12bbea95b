import type { Resolve } from './fetch-pinned.node.ts'
import type { IpAddress } from './ip-address.ts'
import type { PinnedFetch } from './pinned-fetch.ts'

/**
 * Makes a fetch that connects only to addresses that are permitted, whatever name servers say in the meantime.
 *
 * Proxies that the environment names are not used. Each request has a connection of its own. What it sends with is loaded by the
 * first request: `node:http` brings the whole of Node's fetch along, which most programs that import this never use.
 */
export function pinnedFetch(permits: (address: IpAddress) => boolean, resolve?: Resolve): PinnedFetch {
  return async (url, request) => {
    const { fetchPinned } = await import('./fetch-pinned.node.ts')
    return fetchPinned(url, request, permits, resolve)
  }
}
