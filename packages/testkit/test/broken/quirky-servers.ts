import { after, all, before, withHeader } from './break.ts'
import type { Break, Seen } from './break.ts'
import { brokenAuthorizationServers, json } from './broken-authorization-servers.ts'

const metadata = (change: (json: Record<string, unknown>) => object): Break =>
  json('/.well-known/oauth-authorization-server', change)

const missing = (path: string): Break =>
  before((seen) => (seen.path === path ? new Response(null, { status: 404 }) : undefined))

/** Refuses certain registrations. */
const refusing = (applies: (body: Seen['json']) => boolean): Break =>
  before(({ path, json: body }) =>
    path === '/register' && applies(body)
      ? Response.json({ error: 'invalid_client_metadata' }, { status: 400 })
      : undefined,
  )

const refusingAt = (path: string, applies: (parameters: URLSearchParams) => boolean): Break =>
  before((seen) => {
    const parameters = seen.request.method === 'GET' ? new URL(seen.request.url).searchParams : seen.form
    return seen.path === path && applies(parameters)
      ? Response.json({ error: 'invalid_request' }, { status: 400 })
      : undefined
  })

const refreshing = (applies: (form: URLSearchParams) => boolean): Break =>
  refusingAt('/token', (form) => form.get('grant_type') === 'refresh_token' && applies(form))

/** Ends the whole grant when a refresh token comes twice, without a word. */
function strict(): Break {
  const seen = new Set<string>()
  let ended = false
  return refreshing((form) => {
    const token = form.get('refresh_token') ?? ''
    ended ||= seen.has(token)
    seen.add(token)
    return ended
  })
}

/** One server for each quirk that has not met the client yet. */
export const quirkyServers: Readonly<Record<string, () => Break>> = {
  'quirk.get-first': () =>
    before(({ path, request }) =>
      path === '/mcp' && request.method === 'GET' ? new Response(null, { status: 405 }) : undefined,
    ),
  'quirk.discover-first': () =>
    before(({ json: body }) =>
      body['method'] === 'server/discover' ? new Response(null, { status: 405 }) : undefined,
    ),
  'quirk.openid-configuration': () => missing('/.well-known/openid-configuration'),
  'quirk.root-resource-metadata': () => missing('/.well-known/oauth-protected-resource'),
  'quirk.announced-issuer': () =>
    metadata(({ authorization_response_iss_parameter_supported: _announced, ...rest }) => rest),
  'quirk.all-scopes': () =>
    refusingAt('/authorize', (query) => query.get('scope')?.includes('admin:') === true),
  'quirk.web-clients': () =>
    after((response, { request, path }) =>
      request.method === 'OPTIONS' && path === '/register'
        ? withHeader(response, 'access-control-allow-origin', () => '')
        : undefined,
    ),
  'quirk.claude-code-registration': () =>
    refusingAt('/authorize', (query) => query.get('redirect_uri')?.includes(':49731') === true),
  'quirk.claude-registration': () =>
    refusing((body) => body['token_endpoint_auth_method'] === 'client_secret_post'),
  'quirk.chatgpt-registration': () => refusing((body) => 'token_endpoint_auth_methods_supported' in body),
  'quirk.cursor-registration': () => refusing((body) => String(body['redirect_uris']).includes('cursor:')),
  'quirk.vscode-registration': () => refusing((body) => String(body['grant_types']).includes('urn:example')),
  'quirk.native-by-inference': () => refusing((body) => !('application_type' in body)),
  'quirk.scope-beyond-registration': () =>
    refusingAt('/authorize', (query) => query.get('scope')?.includes('admin:') === true),
  'quirk.scope-echo': () => json('/register', (body) => ({ ...body, scope: undefined })),
  'quirk.stale-client': () =>
    after((response, { path }) =>
      path === '/token' && response.status === 401
        ? new Response(response.body, { status: 400, headers: response.headers })
        : undefined,
    ),
  'quirk.refresh-token-issued': () => json('/token', (body) => ({ ...body, refresh_token: undefined })),
  'quirk.parallel-refresh': strict,
  'quirk.lost-refresh': strict,
  'quirk.refresh-without-resource': () => refreshing((form) => !form.has('resource')),
  'quirk.refresh-with-scope': () => refreshing((form) => form.has('scope')),
  'quirk.basic-then-body': () =>
    all(
      brokenAuthorizationServers['authorization-server.code-replay']?.() ?? ((handler) => handler),
      (handler) => ({
        async handle(request, context) {
          // The code is used up, and the client gets nothing.
          const answer = await handler.handle(request, context)
          return request.headers.get('authorization')?.startsWith('Basic ') === true
            ? Response.json({ error: 'invalid_client' }, { status: 401 })
            : answer
        },
      }),
    ),
  // It serves three resources, and does not guess which of them is meant.
  'quirk.resource-omitted': () => (handler) => handler,
  'quirk.logout': () => refusingAt('/revoke', (form) => form.get('token_type_hint') === 'access_token'),
  'quirk.json-revocation': () =>
    after((response, { path }) =>
      path === '/revoke' && response.status === 200
        ? withHeader(response, 'content-type', () => 'text/plain')
        : undefined,
    ),
  'quirk.form-action': () =>
    after((response) =>
      withHeader(response, 'content-security-policy', (value) =>
        value === '' ? '' : `${value}; form-action 'self'`,
      ),
    ),
}
