import { after, all, before, withHeader, withQuery, withRequestHeaders } from './break.ts'
import type { Break, Seen } from './break.ts'
import { asking, json, leading } from './broken-authorization-servers.ts'
import { partOf } from './broken-proofs.ts'

const refused = (error: string) => Response.json({ error }, { status: 400 })
const invalidGrant = () => refused('invalid_grant')

/** Answers pushed requests in the server's place. */
const pushing = (applies: (seen: Seen) => boolean): Break =>
  before((seen) =>
    seen.path === '/par' && applies(seen)
      ? Response.json({ request_uri: 'urn:example:anything', expires_in: 60 }, { status: 201 })
      : undefined,
  )

/** Every reference is good for everybody, as often as they like: what was first pushed under it counts. */
function rememberingReferences(whose: 'everybody' | 'its client'): Break {
  const clients = new Map<string, string>()
  const seenAgain = new Set<string>()
  return all(
    before((seen) => {
      const query = new URL(seen.request.url).searchParams
      const uri = query.get('request_uri')
      if (seen.path !== '/authorize' || uri === null) return undefined
      if (whose === 'everybody')
        return withQuery(seen.request, (changed) => changed.set('client_id', clients.get(uri) ?? ''))
      if (seenAgain.has(uri)) return new Response('sign in', { headers: { 'content-type': 'text/html' } })
      seenAgain.add(uri)
      return undefined
    }),
    after(async (response, seen) => {
      if (seen.path !== '/par' || response.status !== 201) return undefined
      const { request_uri: uri } = (await response.json()) as { request_uri: string }
      clients.set(uri, seen.form.get('client_id') ?? '')
      return undefined
    }),
  )
}

/** Takes certain assertions for proof without a look at the rest. */
const believing = (
  applies: (header: Record<string, unknown>, claims: Record<string, unknown>) => boolean,
): Break =>
  before(({ path, form }) => {
    const assertion = form.get('client_assertion')
    return path === '/token' && assertion !== null && applies(partOf(assertion, 0), partOf(assertion, 1))
      ? invalidGrant()
      : undefined
  })

/** Takes whatever comes after the first assertion of a client. */
function believingLater(applies: (first: string, now: string) => boolean): Break {
  let first: string | undefined
  return before(({ path, form }) => {
    const assertion = form.get('client_assertion')
    if (path !== '/token' || assertion === null) return undefined
    first ??= assertion
    return assertion !== first && applies(first, assertion) ? invalidGrant() : undefined
  })
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const polling = (answer: (seen: Seen) => Response | undefined): Break =>
  before((seen) =>
    seen.path === '/token' && seen.form.get('grant_type') === deviceGrant ? answer(seen) : undefined,
  )

/** Approves a device because its page was opened. */
function hastyDevices(): Break {
  let opened = false
  return all(
    before(({ path, request }) => {
      opened ||= path === '/device' && request.url.includes('user_code')
      return undefined
    }),
    polling(() =>
      opened ? Response.json({ access_token: 'a-token-of-nobody', token_type: 'Bearer' }) : undefined,
    ),
  )
}

const exchanging = (applies: (seen: Seen) => boolean): Break =>
  before((seen) =>
    seen.path === '/token' &&
    seen.form.get('grant_type')?.includes('token-exchange') === true &&
    applies(seen)
      ? Response.json({
          access_token: 'an-exchanged-token',
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          token_type: 'Bearer',
          scope: seen.form.get('scope') ?? 'read:application',
        })
      : undefined,
  )

/** Ends every session at certain requests: whatever cookies come later, nobody is signed in. */
function endingSessions(applies: (query: URLSearchParams) => boolean): Break {
  let ended = false
  return before(({ path, request }) => {
    const query = new URL(request.url).searchParams
    if (path === '/logout' && applies(query)) ended = true
    return ended ? withRequestHeaders(request, { cookie: '' }) : undefined
  })
}

/** Broken servers for the checks of what a server may have besides. */
export const brokenExtensions: Readonly<Record<string, () => Break>> = {
  'authorization-server.document': () =>
    before(({ path, request }) =>
      path === '/authorize' &&
      new URL(request.url).searchParams.get('client_id')?.startsWith('https:') === true
        ? refused('invalid_client')
        : undefined,
    ),
  'authorization-server.document-url': () =>
    asking((query) => {
      const id = query.get('client_id') ?? ''
      // As a server reads it that tidies the URL up first.
      if (URL.canParse(id)) query.set('client_id', `https://client.example${new URL(id).pathname}`)
    }),
  'authorization-server.document-name': () =>
    asking((query) => {
      query.set('client_id', query.get('client_id')?.replace(/\?.*/, '') ?? '')
    }),
  'authorization-server.document-redirect': () =>
    leading((query) => query.get('redirect_uri')?.startsWith('https://attacker') === true),
  'authorization-server.par': () =>
    after((response, { path }) =>
      path === '/par' ? new Response(response.body, { status: 200, headers: response.headers }) : undefined,
    ),
  'authorization-server.par-request': () =>
    before(({ path, request }) =>
      path === '/authorize' && request.url.includes('request_uri') ? refused('invalid_request') : undefined,
    ),
  'authorization-server.par-client': () => rememberingReferences('everybody'),
  'authorization-server.par-reference': () => pushing(({ form }) => form.has('request_uri')),
  'authorization-server.par-checks': () =>
    pushing(({ form }) => form.get('redirect_uri')?.startsWith('https://attacker') === true),
  'authorization-server.par-authentication': () =>
    pushing(({ form, request }) => form.has('client_id') && !request.headers.has('authorization')),
  'authorization-server.par-method': () =>
    before(({ path, request }) =>
      path === '/par' && request.method === 'GET' ? new Response(null, { status: 404 }) : undefined,
    ),
  'authorization-server.par-once': () => rememberingReferences('its client'),
  'authorization-server.assertion': () =>
    before(({ path, form }) =>
      path === '/token' && form.has('client_assertion')
        ? Response.json({ error: 'invalid_client' }, { status: 401 })
        : undefined,
    ),
  'authorization-server.assertion-missing': () =>
    before(({ path, form }) =>
      path === '/token' && form.has('refresh_token') && !form.has('client_assertion')
        ? invalidGrant()
        : undefined,
    ),
  'authorization-server.assertion-key': () => believingLater(() => true),
  'authorization-server.assertion-algorithm': () => believing(({ alg }) => alg === 'none'),
  'authorization-server.assertion-audience': () =>
    believing((_header, { aud }) => aud === 'https://attacker.example'),
  'authorization-server.assertion-subject': () => believing((_header, { iss, sub }) => iss !== sub),
  'authorization-server.assertion-expiry': () => believing((_header, { exp }) => exp === undefined),
  'authorization-server.assertion-once': () => {
    const known = new Set<string>()
    return before(({ path, form }) => {
      const assertion = form.get('client_assertion')
      if (path !== '/token' || assertion === null) return undefined
      const again = known.has(assertion)
      known.add(assertion)
      return again ? invalidGrant() : undefined
    })
  },
  'authorization-server.device': () =>
    json('/device_authorization', ({ verification_uri: _uri, ...rest }) => rest),
  'authorization-server.device-pending': () => polling(() => refused('invalid_grant')),
  'authorization-server.device-pace': () => polling(() => refused('authorization_pending')),
  'authorization-server.device-client': () => polling(() => refused('authorization_pending')),
  'authorization-server.device-guess': () => {
    let number = 0
    return json('/device_authorization', (body) => ({
      ...body,
      device_code: `device-code-number-${String(++number).padStart(12, '0')}`,
    }))
  },
  'authorization-server.device-link': hastyDevices,
  'authorization-server.exchange': () => json('/token', ({ issued_token_type: _type, ...rest }) => rest),
  'authorization-server.exchange-subject': () =>
    before(({ form }) => (form.has('subject_token') ? invalidGrant() : undefined)),
  'authorization-server.exchange-actor': () => exchanging(({ form }) => form.has('actor_token_type')),
  'authorization-server.exchange-target': () =>
    exchanging(({ form }) => form.get('resource')?.includes('attacker') === true),
  'authorization-server.exchange-client': () =>
    exchanging(({ request }) => !request.headers.has('authorization')),
  'authorization-server.exchange-scope': () => exchanging(({ form }) => form.has('scope')),
  'authorization-server.logout': () =>
    after((response, { path }) =>
      path === '/logout' ? withHeader(response, 'location', () => '') : undefined,
    ),
  'authorization-server.logout-redirect': () =>
    before(({ path, request }) => {
      const place = new URL(request.url).searchParams.get('post_logout_redirect_uri')
      return path === '/logout' && place !== null
        ? new Response(null, { status: 302, headers: { location: place } })
        : undefined
    }),
  'authorization-server.logout-asks': () => endingSessions((query) => !query.has('id_token_hint')),
  'authorization-server.logout-forged': () =>
    endingSessions((query) => query.get('id_token_hint')?.endsWith('.') === true),
  'authorization-server.logout-client': () =>
    endingSessions((query) => query.has('client_id') && query.has('id_token_hint')),
}
