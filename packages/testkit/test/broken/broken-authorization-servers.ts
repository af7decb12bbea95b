import { sha256Base64url } from '@gatewright/core'
import { after, all, before, withForm, withHeader, withJson, withQuery } from './break.ts'
import type { Break, Seen } from './break.ts'

const token = ({ path }: Seen) => path === '/token'

/** Another JSON answer at a path. */
export const json = (path: string, change: (json: Record<string, unknown>, seen: Seen) => object): Break =>
  after((response, seen) =>
    seen.path === path && response.headers.get('content-type')?.includes('json') === true
      ? withJson(response, (body) => change(body, seen))
      : undefined,
  )

const metadata = (change: (json: Record<string, unknown>, seen: Seen) => object): Break =>
  json('/.well-known/oauth-authorization-server', change)

/** Another authorization request than was sent. */
export const asking = (change: (query: URLSearchParams) => void): Break =>
  before((seen) => (seen.path === '/authorize' ? withQuery(seen.request, change) : undefined))

/** Another form than was sent to the token endpoint. */
export const redeeming = (change: (form: URLSearchParams) => void): Break =>
  before((seen) => (token(seen) && seen.request.method === 'POST' ? withForm(seen, change) : undefined))

/** Another way back to the client. */
const returning = (
  applies: (query: URLSearchParams) => boolean,
  change: (query: URLSearchParams) => void,
): Break =>
  after((response) => {
    const location = response.headers.get('location') ?? ''
    if (!URL.canParse(location)) return undefined
    const url = new URL(location)
    if (!applies(url.searchParams)) return undefined
    change(url.searchParams)
    return withHeader(response, 'location', () => url.href)
  })

const isError = (query: URLSearchParams) => query.has('error')
const isCode = (query: URLSearchParams) => query.has('code')

const header = (path: string | undefined, name: string, change: (value: string) => string): Break =>
  after((response, seen) => {
    const applies =
      path === undefined
        ? response.headers.get('content-type')?.includes('html') === true
        : seen.path === path
    return applies ? withHeader(response, name, change) : undefined
  })

const error = (from: string): Break =>
  json('/token', (body) => (body['error'] === from ? { ...body, error: 'invalid_request' } : body))

/** Answers what comes a second time as the first, or by itself. */
function repeating(name: string, again: (first: Response) => Response): () => Break {
  return () => {
    const answers = new Map<string, Response>()
    return all(
      before(async (seen) => {
        const value = token(seen) ? seen.form.get(name) : null
        const known = value === null ? undefined : answers.get(value)
        return known === undefined ? undefined : again(known.clone())
      }),
      after(async (response, seen) => {
        const value = seen.form.get(name)
        if (token(seen) && response.status === 200 && value !== null) answers.set(value, response.clone())
        return undefined
      }),
    )
  }
}

const invalidGrant = () => Response.json({ error: 'invalid_grant' }, { status: 400 })
const verifier = 'the-verifier-of-a-server-that-does-not-look-at-it'

const keepOne = (parameters: URLSearchParams) => {
  for (const name of new Set(parameters.keys())) parameters.set(name, parameters.get(name) ?? '')
}

function asForm(seen: Seen, fields: URLSearchParams): Request {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const url = new URL(seen.request.url)
  return new Request(url.origin + url.pathname, { method: 'POST', body: fields.toString(), headers })
}

/** Leads to the redirect URI of certain requests, whatever it is. */
export const leading = (applies: (query: URLSearchParams) => boolean): Break =>
  before((seen) => {
    const query = new URL(seen.request.url).searchParams
    const uri = query.get('redirect_uri')
    return seen.path === '/authorize' && uri !== null && applies(query)
      ? new Response(null, { status: 302, headers: { location: `${uri}?error=invalid_request` } })
      : undefined
  })

/** One broken server for each check of authorization servers. */
export const brokenAuthorizationServers: Readonly<Record<string, () => Break>> = {
  'authorization-server.metadata': () =>
    before(({ path }) =>
      path === '/.well-known/oauth-authorization-server' ? new Response(null, { status: 404 }) : undefined,
    ),
  'authorization-server.metadata-issuer': () =>
    metadata((body) => ({ ...body, issuer: `${String(body['issuer'])}/` })),
  'authorization-server.metadata-host': () =>
    metadata((body, { request }) => ({
      ...body,
      token_endpoint: `http://${request.headers.get('host') ?? '127.0.0.1:4000'}/token`,
    })),
  'authorization-server.metadata-pkce': () =>
    metadata((body) => ({ ...body, code_challenge_methods_supported: ['plain', 'S256'] })),
  'authorization-server.metadata-flows': () =>
    metadata((body) => ({ ...body, response_types_supported: ['code', 'id_token token'] })),
  'authorization-server.registration': () =>
    json('/register', (body) => ({ ...body, client_secret: 'a-secret-that-nobody-asked-for' })),
  'authorization-server.registration-no-store': () => header('/register', 'cache-control', () => ''),
  'authorization-server.registration-errors': () =>
    before(({ path, text }) =>
      path === '/register' && text === 'null' ? new Response(null, { status: 500 }) : undefined,
    ),
  'authorization-server.unknown-client': () =>
    leading((query) => query.get('client_id')?.includes('stranger') === true),
  'authorization-server.unregistered-redirect': () =>
    leading((query) => query.get('redirect_uri')?.startsWith('https://attacker') === true),
  'authorization-server.redirect-of-several': () =>
    asking((query) => {
      if (!query.has('redirect_uri')) query.set('redirect_uri', 'https://client.example/callback')
    }),
  'authorization-server.loopback-port': () =>
    before(({ request }) =>
      request.url.includes('51004') ? new Response(null, { status: 400 }) : undefined,
    ),
  'authorization-server.pkce-required': () =>
    asking((query) => {
      if (query.has('code_challenge')) return
      query.set('code_challenge', 'a'.repeat(43))
      query.set('code_challenge_method', 'S256')
    }),
  'authorization-server.pkce-plain': () => asking((query) => query.set('code_challenge_method', 'S256')),
  'authorization-server.pkce-malformed': () => asking((query) => query.set('code_challenge', 'a'.repeat(43))),
  'authorization-server.repeated-parameter': () =>
    asking((query) => {
      if (query.getAll('scope').length > 1) query.set('scope', 'read:application')
      keepOne(query)
    }),
  'authorization-server.response-type': () =>
    asking((query) => {
      if (query.get('response_type')?.includes('token') === true) query.set('response_type', 'code')
    }),
  'authorization-server.state-in-errors': () => returning(isError, (query) => query.delete('state')),
  'authorization-server.issuer-in-errors': () => returning(isError, (query) => query.delete('iss')),
  'authorization-server.unknown-resource': () => {
    const known = (parameters: URLSearchParams) => parameters.set('resource', 'http://127.0.0.1:4000/mcp')
    return all(asking(known), redeeming(known))
  },
  'authorization-server.framing': () =>
    all(
      header(undefined, 'content-security-policy', () => ''),
      header(undefined, 'x-frame-options', () => ''),
    ),
  'authorization-server.referrer': () => header(undefined, 'referrer-policy', () => ''),
  'authorization-server.cookies': () =>
    after((response) => {
      if (!response.headers.has('set-cookie')) return undefined
      return withHeader(response, 'set-cookie', (value) => value.replaceAll(/;\s*HttpOnly/gi, ''))
    }),
  'authorization-server.code-flow': () =>
    before((seen) => (seen.form.get('grant_type') === 'authorization_code' ? invalidGrant() : undefined)),
  'authorization-server.state': () =>
    returning(isCode, (query) => query.set('state', decodeURIComponent(query.get('state') ?? ''))),
  'authorization-server.issuer': () => returning(isCode, (query) => query.delete('iss')),
  'authorization-server.code-verifier': () => {
    const challenge = sha256Base64url(verifier)
    return all(
      before(async (seen) => {
        if (seen.path !== '/authorize') return undefined
        const known = await challenge
        return withQuery(seen.request, (query) => query.set('code_challenge', known))
      }),
      redeeming((form) => form.set('code_verifier', verifier)),
    )
  },
  'authorization-server.code-redirect': () =>
    redeeming((form) => {
      if (form.has('redirect_uri')) form.set('redirect_uri', 'http://127.0.0.1:33418/callback')
    }),
  'authorization-server.code-once': repeating('code', (first) => first),
  'authorization-server.code-replay': repeating('code', invalidGrant),
  'authorization-server.scope': () => json('/token', (body) => ({ ...body, scope: undefined })),
  'authorization-server.no-store': () => header('/token', 'cache-control', () => ''),
  'authorization-server.token-error': () => error('invalid_grant'),
  'authorization-server.token-method': () =>
    before((seen) => {
      const query = new URL(seen.request.url).searchParams
      return token(seen) && query.has('code') ? asForm(seen, query) : undefined
    }),
  'authorization-server.token-content-type': () =>
    before((seen) =>
      token(seen) && 'code' in seen.json
        ? asForm(seen, new URLSearchParams(seen.json as Record<string, string>))
        : undefined,
    ),
  'authorization-server.token-repeated-parameter': () => redeeming(keepOne),
  'authorization-server.unknown-token-client': () => error('invalid_client'),
  'authorization-server.basic-refused': () => header('/token', 'www-authenticate', () => ''),
  'authorization-server.unsupported-grant': () => error('unsupported_grant_type'),
  'authorization-server.two-credentials': () =>
    before((seen) =>
      token(seen) && seen.request.headers.has('authorization')
        ? withForm(seen, (form) => {
            form.delete('client_secret')
            form.delete('client_id')
          })
        : undefined,
    ),
  'authorization-server.wrong-secret': () =>
    before((seen) =>
      token(seen) && seen.request.headers.get('authorization')?.startsWith('Basic ') === true
        ? invalidGrant()
        : undefined,
    ),
  'authorization-server.open-introspection': () =>
    before(({ path }) => (path === '/introspect' ? Response.json({ active: false }) : undefined)),
  'authorization-server.refresh-rotation': () =>
    json('/token', (body, { form }) =>
      form.has('refresh_token') && 'refresh_token' in body
        ? { ...body, refresh_token: form.get('refresh_token') }
        : body,
    ),
  'authorization-server.refresh-reuse': repeating('refresh_token', (first) => first),
  'authorization-server.refresh-family': repeating('refresh_token', invalidGrant),
  'authorization-server.revocation': () =>
    before(({ path }) => (path === '/revoke' ? Response.json({}) : undefined)),
}
