import { after, all, before, withForm, withHeader, withRequestHeaders } from './break.ts'
import type { Break, Seen } from './break.ts'
import {
  asking,
  brokenAuthorizationServers,
  json,
  leading,
  redeeming,
} from './broken-authorization-servers.ts'

const web = 'https://client.example/callback'

/** Registers certain clients as they are. */
const registering = (applies: (uri: string, body: Seen['json']) => boolean): Break =>
  before(({ path, json: body }) => {
    const [uri = ''] = (body['redirect_uris'] ?? []) as string[]
    return path === '/register' && applies(uri, body)
      ? Response.json({ ...body, client_id: 'registered-as-it-is' }, { status: 201 })
      : undefined
  })

const machine = (method: string): Break =>
  all(
    registering(
      (_uri, body) =>
        body['token_endpoint_auth_method'] === method &&
        String(body['grant_types']).includes('client_credentials'),
    ),
    before(({ path, form }) =>
      path === '/token' && form.get('grant_type') === 'client_credentials'
        ? Response.json({ access_token: 'a-token-for-nobody', token_type: 'Bearer' })
        : undefined,
    ),
  )

/** A server that does not look at who sends a token or code: it takes whoever that was issued to. */
function forgetting(): Break {
  const owners = new Map<string, string>()
  let asked = ''
  return all(
    before((seen) => {
      if (seen.path === '/authorize') asked = new URL(seen.request.url).searchParams.get('client_id') ?? asked
      const { form } = seen
      const owner = form.has('code')
        ? asked
        : owners.get(form.get('refresh_token') ?? form.get('token') ?? '')
      return form.has('client_id') && owner !== undefined
        ? withForm(seen, (fields) => fields.set('client_id', owner))
        : undefined
    }),
    after(async (response, seen) => {
      if (seen.path !== '/token' || response.status !== 200) return undefined
      const { refresh_token: token } = (await response.json()) as Record<string, string>
      if (token !== undefined) owners.set(token, seen.form.get('client_id') ?? '')
      return undefined
    }),
  )
}

/** A server that takes every browser for the one that it saw before. */
function oneForAll(): Break {
  const jar = new Map<string, string>()
  return all(
    before(({ request }) => {
      const own = request.headers.get('cookie') ?? ''
      const cookie = own === '' ? [...jar].map(([name, value]) => `${name}=${value}`).join('; ') : own
      return withRequestHeaders(request, { cookie })
    }),
    after((response) => {
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
        jar.set(name, value)
      }
      return undefined
    }),
  )
}

/** A server that remembers approvals of everybody. */
function remembering(): Break {
  let times = 0
  return before((seen) => {
    if (seen.path !== '/authorize' || ++times < 2) return undefined
    const query = new URL(seen.request.url).searchParams
    const location = `${query.get('redirect_uri') ?? ''}?code=at-once&state=${query.get('state') ?? ''}`
    return new Response(null, { status: 302, headers: { location } })
  })
}

/** A server that reads a code, and marks it as used a moment later. */
const racing = (): Break => (handler) => {
  const answers = new Map<string, Promise<Response | undefined>>()
  return {
    async handle(request, context) {
      const code = new URLSearchParams(await request.clone().text()).get('code')
      if (code === null) return handler.handle(request, context)
      const answer = answers.get(code) ?? handler.handle(request, context)
      answers.set(code, answer)
      return (await answer)?.clone()
    },
  }
}

/** A server that takes a client's word for who it is when it refreshes. */
function trusting(): Break {
  let credentials = ''
  return before((seen) => {
    if (seen.path !== '/token') return undefined
    const own = seen.request.headers.get('authorization')
    if (own !== null) credentials = own
    if (own !== null || seen.form.get('grant_type') !== 'refresh_token') return undefined
    const bare = withForm(seen, (form) => form.delete('client_id'))
    return withRequestHeaders(bare, { authorization: credentials })
  })
}

/** One broken server for each attack. */
export const attackedServers: Readonly<Record<string, () => Break>> = {
  'attack.redirect-variants': () =>
    asking((query) => {
      if (query.get('redirect_uri')?.startsWith(web) === true) query.set('redirect_uri', web)
    }),
  'attack.loopback-spellings': () =>
    asking((query) => {
      const uri = query.get('redirect_uri') ?? ''
      // As a parser reads it: hexadecimal and octal addresses become the usual one.
      if (URL.canParse(uri) && new URL(uri).hostname === '127.0.0.1')
        query.set('redirect_uri', `http://127.0.0.1:33418${new URL(uri).pathname}`)
    }),
  'attack.open-redirector': () => leading((query) => query.get('scope')?.includes('no-such-scope') === true),
  'attack.error-markup': () =>
    before(({ request }) => {
      const id = new URL(request.url).searchParams.get('client_id') ?? ''
      return id.includes('svg')
        ? new Response(`<p>no client ${id}</p>`, { status: 400, headers: { 'content-type': 'text/html' } })
        : undefined
    }),
  'attack.prototype-names': () =>
    before(({ request, form }) =>
      (form.get('client_id') ?? new URL(request.url).searchParams.get('client_id')) === '__proto__'
        ? new Response(null, { status: 500 })
        : undefined,
    ),
  'attack.foreign-pages': () =>
    after((response, { request }) =>
      request.method === 'OPTIONS'
        ? withHeader(
            withHeader(response, 'access-control-allow-origin', () => request.headers.get('origin') ?? ''),
            'access-control-allow-credentials',
            () => 'true',
          )
        : undefined,
    ),
  'attack.register-dangerous-scheme': () => registering((uri) => uri.startsWith('JaVa')),
  'attack.register-plain-http': () => registering((uri) => uri.startsWith('http://attacker')),
  'attack.register-fragment': () => registering((uri) => uri.includes('#')),
  'attack.register-pattern': () =>
    all(
      registering((uri) => uri.includes('*')),
      before(({ request }) =>
        request.url.includes('x.client.example') ? new Response('sign in', { status: 200 }) : undefined,
      ),
    ),
  'attack.register-credentials': () => registering((uri) => uri.includes('@')),
  'attack.register-links': () => registering((_uri, body) => 'logo_uri' in body),
  'attack.register-machine-grant': () => machine('none'),
  'attack.register-machine-client': () => machine('client_secret_basic'),
  'attack.register-privileges': () => registering((_uri, body) => 'trusted' in body),
  'attack.client-name': () =>
    after(async (response) => {
      const { status, headers } = response
      if (headers.get('content-type')?.includes('html') !== true) return undefined
      const text = (await response.text()).replaceAll('&lt;', '<').replaceAll('&gt;', '>')
      return new Response(text, { status, headers })
    }),
  'attack.client-name-characters': () =>
    json('/register', (body, { json: sent }) => ({ ...body, client_name: sent['client_name'] })),
  'attack.consent-from-elsewhere': oneForAll,
  'attack.silent-approval': remembering,
  'attack.tampered-decision': () =>
    after((response, { form }) =>
      form.get('redirect_uri')?.includes('attacker') === true
        ? new Response(null, {
            status: 303,
            headers: { location: `${form.get('redirect_uri') ?? ''}?code=x` },
          })
        : undefined,
    ),
  'attack.code-race': racing,
  'attack.stolen-code': forgetting,
  'attack.injected-code': () =>
    brokenAuthorizationServers['authorization-server.code-verifier']?.() ?? ((handler) => handler),
  'attack.stolen-refresh-token': forgetting,
  'attack.refresh-without-secret': trusting,
  'attack.wider-scope': () =>
    all(
      json('/token', (body, { form }) =>
        form.has('refresh_token') && form.has('scope') ? { ...body, scope: form.get('scope') } : body,
      ),
      redeeming((form) => {
        if (form.has('refresh_token')) form.delete('scope')
      }),
    ),
  'attack.foreign-revocation': forgetting,
}
