import { checkDuration } from '../check-duration.ts'
import { PageError } from '../requests/page-error.ts'
import type { RequestSource } from '../requests/request-source.ts'
import { pushedAuthorization } from './pushed-authorization.ts'
import { consumePushedRequest, findPushedRequest, parseReference } from './pushed-request-store.ts'

/** How requests are pushed. */
export interface PushedRequestsOptions {
  /** Whether every client must push its requests. One client alone: `require_pushed_authorization_requests`. @default false */
  readonly required?: boolean
  /** Seconds that a pushed request waits for the browser, at most 600. @default 60 */
  readonly lifetime?: number
}

/**
 * Lets clients push authorization requests to the server first, authenticated and out of the browser's sight; the browser then
 * brings a reference that works once.
 *
 * @throws {TypeError} when the lifetime is out of its range
 * @see [RFC 9126 §2 - Pushed Authorization Request Endpoint](https://www.rfc-editor.org/rfc/rfc9126.html#section-2)
 */
export function pushedRequests(options: PushedRequestsOptions = {}): RequestSource {
  const { required = false, lifetime = 60 } = options
  checkDuration('pushedRequests: lifetime', lifetime, 5, 600)
  const name = 'pushed_authorization_request'
  return {
    name,
    endpoints: [pushedAuthorization(name, lifetime)],
    requires: (client) => required || client.require_pushed_authorization_requests === true,
    metadata: () => (required ? { require_pushed_authorization_requests: true } : {}),
    async resolve(parameters, _context, server) {
      const handle = parseReference(parameters.get('request_uri'))
      if (handle === undefined) return undefined
      for (const parameter of ['client_id', 'request_uri'])
        if (parameters.repeated.includes(parameter))
          throw new PageError('invalid_link', 'invalid_request', `${parameter} is repeated`)
      const now = server.now()
      const stored = await findPushedRequest(handle, now, server)
      if (stored === undefined)
        throw new PageError('expired', 'invalid_request_uri', 'the pushed request was used or has expired')
      // RFC 9126 §2.2: the reference is bound to the client that pushed.
      if (parameters.get('client_id') !== stored.clientId)
        throw new PageError(
          'invalid_link',
          'invalid_request',
          'client_id differs from the client that pushed',
        )
      return {
        parameters: stored.parameters,
        sources: [name, ...stored.sources],
        instance: stored.instance,
        consume: () => consumePushedRequest(stored, now, server),
      }
    },
  }
}
