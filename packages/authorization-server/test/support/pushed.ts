import { dynamicRegistration, pushedRequests, registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, PushedRequestsOptions } from '@gatewright/authorization-server'
import { authorizationParameters, post, toQuery } from './flow.ts'
import type { Sender } from './flow.ts'
import { testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'
import { webCallback } from './tokens.ts'

/** A server that takes pushed requests; `web` is confidential, `pushes` may not do without. */
export function pushServer(
  options: PushedRequestsOptions = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  return testServer({
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        { client_id: 'web', client_secret: 'web-secret', redirect_uris: [webCallback] },
        {
          client_id: 'pushes',
          redirect_uris: ['http://127.0.0.1:*/callback'],
          require_pushed_authorization_requests: true,
        },
      ),
      dynamicRegistration({ mode: 'open' }),
    ],
    requestSources: [pushedRequests(options)],
    ...overrides,
  })
}

type Changes = Readonly<Record<string, string | undefined>>

/** Pushes a sound request of the public client with some parameters changed. */
export async function push(test: TestServer, overrides: Changes = {}, options: Sender = {}) {
  const { verifier, query } = await authorizationParameters(overrides)
  const { status, headers, json } = await post(test, '/par', query, options)
  const uri = json.request_uri ?? ''
  return { verifier, status, headers, json, uri }
}

/** The query with which the browser brings a pushed request. */
export const reference = (uri: string, others: Changes = {}) =>
  toQuery({ client_id: 'claude-desktop-mcp', request_uri: uri, ...others })
