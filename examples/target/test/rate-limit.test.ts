import { describe, expect, it } from 'vitest'
import { readSettings } from '../src/settings.ts'
import { createTarget } from '../src/target.ts'

/** A target, and how it answers requests from an address. */
function start(RATE_LIMIT: string) {
  const settings = readSettings({ RATE_LIMIT })
  const target = createTarget(settings)
  const send = async (path: string, init: RequestInit, ip = '192.0.2.1') => {
    const response = await target.handle(new Request(settings.origin + path, init), { ip })
    if (response === undefined) throw new Error(`${path} is not answered`)
    return response
  }
  return { origin: settings.origin, send }
}

type Send = ReturnType<typeof start>['send']

const form = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Basic ${btoa('svc:svc-secret')}` },
  body: new URLSearchParams(fields),
})
const authorization = {
  response_type: 'code',
  client_id: 'pub',
  redirect_uri: 'http://127.0.0.1:4999/callback',
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
  scope: 'read:application',
  resource: 'http://127.0.0.1:4000/mcp',
  state: 's',
}
const registration: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/callback'] }),
}
const pushed: RequestInit = { method: 'POST', body: new URLSearchParams(authorization) }
const device: RequestInit = {
  method: 'POST',
  body: new URLSearchParams({
    client_id: 'pub',
    scope: 'read:application',
    resource: authorization.resource,
  }),
}
const forToken = form({ grant_type: 'client_credentials', resource: 'http://127.0.0.1:4000/mcp' })

const requests: readonly [string, string, RequestInit, number][] = [
  ['token', '/token', forToken, 200],
  ['registration', '/register', registration, 201],
  ['authorization', `/authorize?${new URLSearchParams(authorization)}`, {}, 200],
  ['pushed', '/par', pushed, 201],
  ['device', '/device_authorization', device, 200],
]

async function times(count: number, send: () => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = []
  for (let number = 0; number < count; number++) answers.push(await send())
  return answers
}

async function callTool(send: Send, token: string, ip?: string) {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'whoami', arguments: {} },
  })
  return send('/mcp', { method: 'POST', headers, body }, ip)
}

async function tokenOf(send: Send) {
  return ((await (await send('/token', forToken)).json()) as { access_token: string }).access_token
}

describe('RATE_LIMIT=3/900', () => {
  it.each(requests)(
    'answers the fourth %s request of an address with 429',
    async (_name, path, init, status) => {
      const { send } = start('3/900')
      const answers = await times(4, () => send(path, init))
      expect(answers.map((answer) => answer.status)).toEqual([status, status, status, 429])
      const wait = Number(answers[3]?.headers.get('retry-after'))
      expect(wait).toBeGreaterThan(800)
      expect(wait).toBeLessThanOrEqual(900)
      expect((await send(path, init, '192.0.2.2')).status).toBe(status)
    },
  )

  it('answers the fourth call of a tool by one caller with 429, wherever it comes from', async () => {
    const { send } = start('3/900')
    const token = await tokenOf(send)
    const answers = await times(3, () => callTool(send, token))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await callTool(send, token, '192.0.2.2')).status).toBe(429)
  })
})

describe('RATE_LIMIT=off', () => {
  it.each(requests)('lets an address send any number of %s requests', async (_name, path, init, status) => {
    const { send } = start('off')
    const answers = await times(25, () => send(path, init))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]))
  })

  it('lets a caller call a tool any number of times', async () => {
    const { send } = start('off')
    const token = await tokenOf(send)
    const answers = await times(25, () => callTool(send, token))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

it.each(['3', '0/1', '3/0', '3/', '-3/1', 'on'])('RATE_LIMIT=%s stops the start', (value) => {
  expect(() => readSettings({ RATE_LIMIT: value })).toThrow('<requests>/<seconds>')
})
