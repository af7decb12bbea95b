import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'

/**
 * The registration endpoint: the first client source that registers answers.
 *
 * @see [RFC 7591 §3 - Client Registration Endpoint](https://www.rfc-editor.org/rfc/rfc7591.html#section-3)
 */
export async function register(
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  const source = server.options.clients.find((part) => part.register !== undefined)
  try {
    await server.limitRate('registration', context)
    const response = await (http.method === 'POST'
      ? source?.register?.(http, server, context.ip)
      : source?.manage?.(http, server, context.ip))
    if (response === undefined)
      throw new OAuthError('invalid_request', 'registration is not offered', { status: 404 })
    return response
  } catch (error) {
    if (error instanceof OAuthError)
      server.emit({
        type: 'client.registration_refused',
        ip: context.ip,
        reason: error.code,
        message: error.message,
      })
    throw error
  }
}
