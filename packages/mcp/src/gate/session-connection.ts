import { toAuthInfo, type AuthInfo } from '@gatewright/resource-server'
import type { McpExchange, SessionConnection } from './binding.ts'

/** Finds the exchange that a request handler of an SDK works for. */
export type ExchangeOf = (authInfo: object | undefined) => McpExchange

/** What a session needs of an SDK's server and transport. */
export interface SessionParts {
  readonly server: {
    close(): Promise<void>
    sendToolListChanged(): Promise<void>
    sendResourceListChanged(): Promise<void>
    sendPromptListChanged(): Promise<void>
  }
  readonly transport: SessionTransport
  /** Connects the two. */
  readonly connect: () => Promise<void>
}

interface SessionTransport {
  handleRequest(request: Request, options: { authInfo: AuthInfo; parsedBody?: unknown }): Promise<Response>
}

/** Connects a server with its transport for a session; each request of it still works for the exchange it came with. */
export async function openSession(
  make: (exchangeOf: ExchangeOf) => SessionParts,
): Promise<SessionConnection> {
  const exchanges = new WeakMap<object, McpExchange>()
  const { server, transport, connect } = make((authInfo) => {
    const exchange = authInfo && exchanges.get(authInfo)
    if (exchange === undefined) throw new Error('a request has come around the gate')
    return exchange
  })
  await connect()
  return {
    serve(request, caller, exchange) {
      const authInfo = toAuthInfo(caller)
      if (exchange === undefined) return transport.handleRequest(request, { authInfo })
      exchanges.set(authInfo, exchange)
      return transport.handleRequest(request, { authInfo, parsedBody: exchange.body })
    },
    listChanged(method) {
      const sent =
        method === 'tools/list'
          ? server.sendToolListChanged()
          : method === 'prompts/list'
            ? server.sendPromptListChanged()
            : server.sendResourceListChanged()
      // A client that does not listen is told nothing.
      sent.catch(() => {})
    },
    close: () => server.close(),
  }
}
