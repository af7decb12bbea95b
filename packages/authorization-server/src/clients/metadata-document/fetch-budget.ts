import { addressBucket } from '../../limits/address-bucket.ts'
import type { ServerContext } from '../../server-context.ts'

/** How much strangers may make the server fetch. */
export interface FetchBudget {
  /** Documents of one host in a minute. */
  readonly perHost: number
  /** Documents in a minute because of requests from one address; of IPv6, from one /64. */
  readonly perAddress: number
  /** Documents at once in this process. */
  readonly atOnce: number
}

/**
 * Whether one more document of a host may be fetched now.
 *
 * Otherwise anybody could have this server flood another one, or scan the internet for them.
 */
export async function mayFetch(
  url: URL,
  ip: string | undefined,
  budget: FetchBudget,
  server: ServerContext,
): Promise<boolean> {
  const now = server.now()
  const within = async (key: string, limit: number) =>
    (await server.counter.hit(key, { window: 60, limit, now })).allowed
  // First the address, so that one flooding it does not use up what the host may be asked for others.
  return (
    (await within(`documents:address:${addressBucket(ip)}`, budget.perAddress)) &&
    within(`documents:host:${url.hostname}`, budget.perHost)
  )
}
