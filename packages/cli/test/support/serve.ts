import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTarget } from '@gatewright-examples/target'
import { serve as serveTarget } from '@gatewright-examples/target/serve'
import { readSettings } from '@gatewright-examples/target/settings'

/** A server on this machine. */
export interface Served {
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Serves the target on a free port, with switches as its environment has them. */
export async function startTarget(switches: Readonly<Record<string, string>> = {}): Promise<Served> {
  const reserved = await startServer(() => {})
  await reserved.close()
  const settings = readSettings({ ADAPTER: 'node', PORT: new URL(reserved.origin).port, ...switches })
  const { close } = await serveTarget(createTarget(settings), settings)
  return { origin: settings.origin, close }
}

/** Serves a listener on a free port. */
export async function startServer(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What a broken server answers instead of the target. */
export type Break = (
  request: IncomingMessage,
  origin: string,
) => { status: number; headers?: Record<string, string>; body?: string } | undefined

/** A protected server that is right but for one thing. */
export async function startBroken(
  breaks: Break,
  change: (document: Record<string, unknown>, path: string) => void = () => {},
): Promise<Served> {
  let origin = ''
  const served = await startServer((request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname
    const broken = breaks(request, origin)
    const answer = (status: number, body: string, headers: Record<string, string> = {}) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'access-control-allow-origin': '*',
        ...headers,
      })
      response.end(body)
    }
    const document = (value: Record<string, unknown>) => {
      change(value, path)
      answer(200, JSON.stringify(value))
    }
    if (broken !== undefined) return answer(broken.status, broken.body ?? '{}', broken.headers)
    if (request.method === 'OPTIONS') return answer(204, '')
    if (path === '/.well-known/oauth-protected-resource/mcp')
      return document({
        resource: `${origin}/mcp`,
        authorization_servers: [origin],
        scopes_supported: ['read'],
      })
    if (path === '/.well-known/oauth-authorization-server')
      return document({
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
        authorization_response_iss_parameter_supported: true,
      })
    if (path === '/authorize') return answer(400, '<html>', { 'content-type': 'text/html' })
    if (path === '/token') return answer(400, '{"error":"invalid_client"}')
    if (path === '/register') return answer(400, '{"error":"invalid_redirect_uri"}')
    if (path === '/mcp')
      return answer(401, '{}', {
        'www-authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="read"`,
      })
    return answer(404, '{}')
  })
  origin = served.origin
  return served
}
