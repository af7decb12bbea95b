import { createHash } from 'node:crypto'
import { createTarget } from '@gatewright-examples/target'
import { serve } from '@gatewright-examples/target/serve'
import { readSettings } from '@gatewright-examples/target/settings'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from './support/browser.ts'

const ISSUER = 'https://target.example'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const verifier = 'v'.repeat(43)
const authorize = (more: Record<string, string> = {}) =>
  `/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: 'pub',
    redirect_uri: 'http://127.0.0.1:51004/callback',
    scope: 'read:application openid',
    state: 's',
    resource: `${ISSUER}/mcp`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })}`

/** A request to the target, whatever carries it. */
interface Step {
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

type Send = (step: Step) => Promise<Answer>

/** What needs no state, from discovery to malformed requests. */
const independent: readonly Step[] = [
  { path: '/.well-known/oauth-authorization-server' },
  { path: '/.well-known/openid-configuration' },
  { path: '/.well-known/oauth-protected-resource/mcp' },
  { path: '/.well-known/oauth-protected-resource/unknown' },
  { method: 'HEAD', path: '/.well-known/oauth-authorization-server' },
  { method: 'OPTIONS', path: '/token', headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' } },
  { method: 'OPTIONS', path: '/mcp', headers: { origin: 'http://localhost:6274', 'access-control-request-method': 'POST' } },
  { path: '/token' },
  { method: 'PUT', path: '/token', body: 'a=1', headers: form },
  { method: 'POST', path: '/token', headers: json, body: '{"grant_type":"authorization_code"}' },
  { method: 'POST', path: '/token', headers: form, body: 'grant_type=client_credentials&grant_type=x' },
  { method: 'POST', path: '/token', headers: form, body: '__proto__=x&constructor[prototype][y]=z&grant_type=client_credentials' },
  { method: 'POST', path: '/token', headers: form, body: `grant_type=${'x'.repeat(70_000)}` },
  { method: 'POST', path: '/token', headers: { ...form, authorization: `Basic ${btoa('web:wrong')}` }, body: 'grant_type=refresh_token&refresh_token=x' },
  { method: 'POST', path: '/token', headers: { ...form, authorization: `Basic ${btoa('svc:svc-secret')}` }, body: 'grant_type=client_credentials' },
  { method: 'POST', path: '/token', headers: { ...form, authorization: `Basic ${btoa('ipclient:ipclient-secret')}`, 'x-forwarded-for': '10.1.2.3' }, body: 'grant_type=client_credentials' },
  { path: authorize({ redirect_uri: 'https://evil.example/' }) },
  { path: authorize({ client_id: 'nope' }), headers: { accept: 'application/json' } },
  { path: authorize({ scope: 'unknown' }) },
  { path: `${authorize()}&state=t` },
  { path: authorize({ prompt: 'none' }) },
  { method: 'HEAD', path: authorize() },
  { method: 'POST', path: '/register', headers: json, body: '{"redirect_uris":["http://127.0.0.1:3000/callback"]}' },
  { method: 'POST', path: '/register', headers: json, body: '{"redirect_uris":["javascript:alert(1)"]}' },
  { method: 'POST', path: '/register', headers: json, body: '[]' },
  { path: '/mcp' },
  { method: 'POST', path: '/mcp', headers: json, body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' },
  { method: 'POST', path: '/mcp', headers: { ...json, origin: 'https://evil.example' }, body: '{}' },
  { path: '/mcp?access_token=x' },
  { path: '/userinfo', headers: { authorization: 'Bearer x' } },
  { path: '/jwks' },
  { path: '/nowhere' },
  { path: '/.well-known/../token' },
] // prettier-ignore

/** A sign-in, a tool call, a step-up, a refresh and a revocation. */
async function journey(send: Send): Promise<Answer[]> {
  const answers: Answer[] = []
  const step = async (next: Step) => {
    const answer = await send(next)
    answers.push(answer)
    return answer
  }
  const post = (path: string, fields: Record<string, string>) =>
    step({ method: 'POST', path, headers: form, body: new URLSearchParams(fields).toString() })

  const browser = createBrowser(async (input, init = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input)
    const fields = init.body instanceof URLSearchParams ? { body: init.body.toString() } : {}
    const { status, headers, text } = await step({
      path: pathname + search,
      method: init.method ?? 'GET',
      headers: { ...(init.method === 'POST' ? form : {}), ...(init.headers as Record<string, string>) },
      ...fields,
    })
    return new Response(status === 204 ? null : text, { status, headers })
  })
  const callback = await browser.authorize(ISSUER + authorize(), {
    allow: (offered) => offered.filter((scope) => scope !== 'write:application'),
  })
  const client = { client_id: 'pub' }
  const redemption = {
    ...client,
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    code_verifier: verifier,
    redirect_uri: 'http://127.0.0.1:51004/callback',
  }
  await post('/token', { ...redemption, code_verifier: 'w'.repeat(43) })
  const tokens = JSON.parse((await post('/token', redemption)).text) as Record<string, string>
  const bearer = { authorization: `Bearer ${tokens['access_token']}` }
  const call = (name: string, args = {}) =>
    step({
      method: 'POST',
      path: '/mcp',
      headers: { ...json, ...bearer },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: args },
      }),
    })
  await call('get_applications', { owner: 'admin' })
  await call('update_application', { id: 'admin/my-app' })
  await call('boom')
  await step({ path: '/userinfo', headers: bearer })
  const refreshed = await post('/token', {
    ...client,
    grant_type: 'refresh_token',
    refresh_token: tokens['refresh_token'] ?? '',
  })
  const { refresh_token: token = '' } = JSON.parse(refreshed.text) as Record<string, string>
  await post('/revoke', { ...client, token })
  await call('get_applications', { owner: 'admin' })
  return answers
}

/** How a message is framed, which is the server's own choice, and when it was sent. */
const framing = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

/** An answer without what is new each time: secrets, ids, instants. */
function normalise({ status, headers, text }: Answer): Answer {
  const stable = (value: string) =>
    value
      .replaceAll(/[\w.-]{20,}/g, '·')
      .replaceAll(/"(iat|exp|auth_time|client_id_issued_at|changes)":\d+/g, '"$1":0')
  const kept = Object.entries(headers).filter(([name]) => !framing.has(name))
  return {
    status,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, stable(value)])),
    text: stable(text),
  }
}

const settingsFor = (adapter: string) =>
  readSettings({ ISSUER, ADAPTER: adapter, PORT: '0', TRUSTED_PROXIES: '' })

/** Sends over a socket what the adapter makes of it. */
function overSocket(port: number): Send {
  return async ({ path, method = 'GET', headers = {}, body }) => {
    const init = { method, headers, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) }
    return read(await fetch(`http://127.0.0.1:${port}${path}`, init))
  }
}

/** Hands a plain `Request` to the handler. */
function toHandler(handler: ReturnType<typeof createTarget>): Send {
  return async ({ path, method = 'GET', headers = {}, body }) => {
    const request = new Request(ISSUER + path, { method, headers, ...(body === undefined ? {} : { body }) })
    return read((await handler.handle(request, { ip: '127.0.0.1' })) ?? new Response('', { status: 404 }))
  }
}

async function read(response: Response): Promise<Answer> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  }
}

describe.each(['node', 'express', 'fastify', 'hono'])(
  'HT-19 parity of a plain Request and the adapter %s',
  (adapter) => {
    const plain = toHandler(createTarget(settingsFor('node')))
    let adapted: Send
    let close: () => Promise<void>
    beforeAll(async () => {
      const settings = settingsFor(adapter)
      const running = await serve(createTarget(settings), settings)
      adapted = overSocket(running.port)
      close = running.close
    })
    afterAll(() => close())

    it.each(independent.map((step) => [`${step.method ?? 'GET'} ${step.path.slice(0, 80)}`, step] as const))(
      'same status, headers and body: %s',
      async (_title, step) => {
        const [expected, actual] = await Promise.all([plain(step), adapted(step)])
        // What is nobody's path is the framework's to answer.
        if (expected.status === 404 && expected.text === '') expect(actual.status).toBe(404)
        else expect(normalise(actual)).toEqual(normalise(expected))
      },
    )

    it('same status, headers and body on the whole way from sign-in to revocation', async () => {
      const [expected, actual] = await Promise.all([journey(plain), journey(adapted)])
      expect(expected.map(({ status }) => status)).toContain(403)
      expect(expected.at(-1)?.status).toBe(401)
      expect(actual.map(normalise)).toEqual(expected.map(normalise))
    })
  },
)
