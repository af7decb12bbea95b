import { guardedFetch } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { Client } from './client.ts'

/**
 * The fetch for telling a client something at the address that it registered.
 *
 * An address that a client chose itself is reached only on the internet. There are no redirects, and five seconds.
 */
export function notificationFetch({ verified }: Client, { runtime }: ServerContext): typeof fetch {
  return verified ? guardedFetch({ reach: 'any', fetch: runtime.fetch }) : guardedFetch()
}
