import { toAuthInfo, type AuthInfo } from '@gatewright/resource-server'
import type { McpExchange } from './binding.ts'

/** An SDK's server with its transport, as far as one exchange needs them. */
export interface Connection {
  open(): Promise<void>
  handle(options: { authInfo?: AuthInfo; parsedBody: unknown }): Promise<Response>
  close(): Promise<void>
}

/**
 * Serves one exchange with a server and a transport of its own, and closes both when it is over.
 *
 * Nothing is shared between exchanges: an SDK keeps what belongs to a JSON-RPC id in its server and its transport,
 * and ids of two callers are often equal.
 */
export async function serveOnce(exchange: McpExchange, connection: Connection): Promise<Response> {
  const { request, body } = exchange
  await connection.open()
  const close = () => void connection.close().catch(() => {})
  const gone = new Promise<Response>((resolve) => {
    const leave = () => {
      close()
      // A transport that is closed never answers, and nobody is left to read it.
      resolve(new Response(null, { status: 499 }))
    }
    if (request.signal.aborted) leave()
    else request.signal.addEventListener('abort', leave, { once: true })
  })
  const response = await Promise.race([connection.handle({ ...authOf(exchange), parsedBody: body }), gone])
  // A stream ends itself after the last answer.
  if (!exchange.wantsProgress) close()
  return response
}

/** The caller, for an SDK. */
export function authOf({ caller }: McpExchange): { authInfo?: AuthInfo } {
  return caller === undefined ? {} : { authInfo: toAuthInfo(caller) }
}

/** The notification of a progress report, for a client that gave a token for it. */
export function progressNotification(
  params: Readonly<Record<string, unknown>>,
  report: {
    readonly progress: number
    readonly total?: number | undefined
    readonly message?: string | undefined
  },
) {
  const { progressToken } = (params._meta ?? {}) as { progressToken?: unknown }
  if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return undefined
  const { progress, total, message } = report
  return {
    method: 'notifications/progress' as const,
    params: {
      progressToken,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    },
  }
}
