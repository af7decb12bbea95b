import { after, before, withHeader, withJson, withRequestHeaders } from './break.ts'
import type { Break, Seen } from './break.ts'

const mcp = ({ path }: Seen) => path === '/mcp'
const anonymous = ({ request }: Seen) => !request.headers.has('authorization')

/** Changes the challenge of answers to certain requests. */
const challenging = (applies: (seen: Seen) => boolean, change: (value: string) => string): Break =>
  after((response, seen) =>
    mcp(seen) && applies(seen) && response.headers.has('www-authenticate')
      ? withHeader(response, 'www-authenticate', change)
      : undefined,
  )

const metadata = (change: (json: Record<string, unknown>, seen: Seen) => object): Break =>
  after((response, seen) =>
    seen.path === '/.well-known/oauth-protected-resource/mcp'
      ? withJson(response, (json) => change(json, seen))
      : undefined,
  )

const part = (token: string, index: number) => {
  try {
    return JSON.parse(
      atob((token.split('.')[index] ?? '').replaceAll('-', '+').replaceAll('_', '/')),
    ) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** A server that takes more tokens than it should: it treats them as the latest one that is good. */
function taking(bad: (token: string, good: string, seen: Seen) => boolean): Break {
  let good = ''
  return (handler) =>
    after(async (response, { path }) => {
      if (path !== '/token' || response.status !== 200) return undefined
      const token = String(((await response.json()) as Record<string, unknown>)['access_token'])
      if (part(token, 1)['aud'] === 'http://127.0.0.1:4000/mcp') good = token
      return undefined
    })(
      before((seen) => {
        const token = seen.request.headers.get('authorization')?.replace(/^bearer /i, '') ?? ''
        return mcp(seen) && token !== good && bad(token, good, seen)
          ? withRequestHeaders(seen.request, { authorization: `Bearer ${good}` })
          : undefined
      })(handler),
    )
}

const without = (name: string) => (value: string) =>
  value.replace(new RegExp(`(?:, )?${name}="[^"]*"`), '').replace(/^Bearer, /, 'Bearer ')

/** A revoked token is refused unless it is taken for a good one; the wrapper learns it by seeing it revoked. */
function takingRevoked(): Break {
  let revoked = ''
  const taken = taking((token) => token === revoked)
  return (handler) =>
    before((seen) => {
      if (seen.path === '/revoke') revoked = seen.form.get('token') ?? ''
      return undefined
    })(taken(handler))
}

/** One broken server for each check of resource servers. */
export const brokenResourceServers: Readonly<Record<string, () => Break>> = {
  'resource-server.challenge': () =>
    after((response, seen) =>
      mcp(seen) && response.status === 401
        ? new Response(null, { status: 403, headers: response.headers })
        : undefined,
    ),
  'resource-server.challenge-metadata': () => challenging(() => true, without('resource_metadata')),
  'resource-server.challenge-without-error': () =>
    challenging(anonymous, (value) => value.replace(/^Bearer /, 'Bearer error="invalid_token", ')),
  'resource-server.challenge-scope': () => challenging(() => true, without('scope')),
  'resource-server.invalid-token': () => challenging(() => true, without('error')),
  'resource-server.fails-closed': () =>
    before((seen) =>
      mcp(seen) && anonymous(seen) && seen.json['method'] === 'prompts/list'
        ? Response.json({ jsonrpc: '2.0', id: 1, result: { prompts: [] } })
        : undefined,
    ),
  'resource-server.metadata': () =>
    before(({ path }) =>
      path.startsWith('/.well-known/oauth-protected-resource')
        ? new Response(null, { status: 404 })
        : undefined,
    ),
  'resource-server.metadata-resource': () =>
    metadata((json) => ({ ...json, resource: new URL(String(json['resource'])).origin })),
  'resource-server.metadata-server': () => metadata((json) => ({ ...json, authorization_servers: [] })),
  'resource-server.metadata-host': () =>
    metadata((json, { request }) => ({
      ...json,
      resource: `https://${request.headers.get('x-forwarded-host') ?? '127.0.0.1:4000'}/mcp`,
    })),
  'resource-server.accepts-token': () =>
    before((seen) =>
      mcp(seen) && seen.request.headers.get('authorization')?.startsWith('bearer ') === true
        ? withRequestHeaders(seen.request, { authorization: '' })
        : undefined,
    ),
  'resource-server.token-in-query': () =>
    before((seen) => {
      const token = new URL(seen.request.url).searchParams.get('access_token')
      return token === null
        ? undefined
        : withRequestHeaders(seen.request, { authorization: `Bearer ${token}` })
    }),
  'resource-server.unsigned-token': () => taking((token) => part(token, 0)['alg'] === 'none'),
  'resource-server.changed-token': () =>
    taking(
      (token, good) =>
        token.split('.')[0] === good.split('.')[0] && token.split('.')[2] === good.split('.')[2],
    ),
  'resource-server.confused-algorithm': () => taking((token) => part(token, 0)['alg'] === 'HS256'),
  'resource-server.embedded-key': () => taking((token) => 'jwk' in part(token, 0)),
  'resource-server.id-token': () =>
    taking((token) => part(token, 0)['typ'] !== 'at+jwt' && token.split('.').length === 3),
  'resource-server.refresh-token': () => taking((token) => token !== '' && token.split('.').length !== 3),
  'resource-server.other-audience': () => taking((token) => token.includes('.')),
  'resource-server.revoked-token': takingRevoked,
  'resource-server.insufficient-scope': () =>
    after((response, seen) =>
      mcp(seen) && response.status === 403
        ? Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32001 } })
        : undefined,
    ),
  'resource-server.step-up': () =>
    after((response, seen) =>
      mcp(seen) && response.status === 403
        ? withHeader(response, 'www-authenticate', (value) =>
            value.replace(/scope="[^"]*"/, 'scope="admin:application"'),
          )
        : undefined,
    ),
  'resource-server.step-up-metadata': () =>
    after((response, seen) =>
      mcp(seen) && response.status === 403
        ? withHeader(response, 'www-authenticate', without('resource_metadata'))
        : undefined,
    ),
  'resource-server.list-by-scope': () =>
    before((seen) =>
      mcp(seen) && seen.json['method'] === 'tools/list'
        ? Response.json({ jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'delete_application' }] } })
        : undefined,
    ),
  'resource-server.origin': () => before(({ request }) => withRequestHeaders(request, { origin: '' })),
  'resource-server.host': () => before(({ request }) => withRequestHeaders(request, { host: '' })),
  'resource-server.malformed': () =>
    before((seen) => {
      const { name } = (seen.json['params'] ?? {}) as { name?: unknown }
      return seen.json['method'] === 'tools/call' && typeof name !== 'string'
        ? new Response(null, { status: 500 })
        : undefined
    }),
  'resource-server.content-type': () =>
    before((seen) =>
      mcp(seen) ? withRequestHeaders(seen.request, { 'content-type': 'application/json' }) : undefined,
    ),
}
