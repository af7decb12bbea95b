import type { ResolvedOptions } from '../options.ts'
import type { ClientOptions } from './client-options.ts'

const parts = {
  require_pushed_authorization_requests: ['pushed_authorization_request', 'pushedRequests()'],
  require_signed_request_object: ['request_object', 'requestObjects()'],
} as const

/**
 * Checks that the server has what its clients are bound to: a demand that nothing checks would hold nobody.
 *
 * @throws {TypeError} when a part is missing
 */
export function checkDemands(clients: readonly ClientOptions[], { requestSources }: ResolvedOptions): void {
  for (const client of clients)
    for (const [demand, [source, part]] of Object.entries(parts))
      if (
        client[demand as keyof typeof parts] === true &&
        !requestSources.some(({ name }) => name === source)
      )
        throw new TypeError(
          `client "${client.client_id}": ${demand} needs ${part} in the option requestSources`,
        )
}
