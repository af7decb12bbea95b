import { NotApplicable } from '../check.ts'
import { tell } from './answer.ts'
import type { Answer } from './answer.ts'
import { initialize, mcpHeaders } from './discovery.ts'
import type { Discovery } from './discovery.ts'
import type { Outgoing, Send } from './requester.ts'

/** The revision of MCP that has no handshake. */
const modernRevision = '2026-07-28'

/** Sends a JSON-RPC request of MCP. */
export type Call = (method: string, params?: object) => Promise<Answer>

/** Requests to the MCP server. */
export interface Mcp {
  /** Posts a message as it is, with a token or without. */
  post(message: unknown, token?: string, outgoing?: Pick<Outgoing, 'headers' | 'body'>): Promise<Answer>
  /** Opens a session with a token, by handshake or without one. @throws {NotApplicable} where no MCP server answers */
  open(token: string): Promise<Call>
}

/** The message and the headers of a request in the revision without a handshake. */
export function modernRequest(method: string, params: Readonly<Record<string, unknown>> = {}) {
  const name = params['name']
  return {
    message: {
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': modernRevision,
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': { name: 'gatewright-testkit', version: '1.0.0' },
        },
      },
    },
    headers: {
      'mcp-protocol-version': modernRevision,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
  }
}

/** Makes requests to the MCP server of a target. */
export function createMcp(discovery: Discovery, send: Send): Mcp {
  const post: Mcp['post'] = (message, token, { headers, body } = {}) =>
    send(discovery.resource(), {
      ...(body === undefined ? { json: message } : { body }),
      headers: {
        ...mcpHeaders,
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    })
  return {
    post,
    async open(token) {
      const greeting = await post(initialize, token)
      if (greeting.status === 200 && greeting.json['result'] !== undefined) {
        const session = greeting.headers.get('mcp-session-id')
        const headers = {
          'mcp-protocol-version': '2025-11-25',
          ...(session === null ? {} : { 'mcp-session-id': session }),
        }
        await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, token, { headers })
        return (method, params = {}) => post({ jsonrpc: '2.0', id: 1, method, params }, token, { headers })
      }
      const call: Call = (method, params = {}) => {
        const { message, headers } = modernRequest(method, { ...params })
        return post(message, token, { headers })
      }
      const discovered = await call('server/discover')
      if (discovered.status !== 200)
        throw new NotApplicable(`no MCP server answers a valid token: ${tell(greeting)}`)
      return call
    },
  }
}
