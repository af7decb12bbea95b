import type { ServerContext } from '../server-context.ts'
import type { OpenRequest } from './pending-request.ts'

/** Where the browser goes on with a pending request. */
export function interactionUrl({ handle }: OpenRequest, server: ServerContext): string {
  return `${server.urls.url('interaction')}?request=${handle}`
}
