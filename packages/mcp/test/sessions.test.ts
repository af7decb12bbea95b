// MCP 2025-11-25 Transports, Session Management:
// https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
import { defaultRuntime } from '@gatewright/core'
import { afterEach, describe, expect, it } from 'vitest'
import { text } from '../src/index.ts'
import type { ConversationOptions } from '../src/server.ts'
import { mint } from './support/issuer.ts'
import { call, jsonHeaders, lines, post, request, rpc, send, testApp, type Line } from './support/app.ts'

const reader = await mint('read:application')
const shakeHands = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: {} },
  clientInfo: { name: 'x', version: '1' },
})
const opened: ReadableStreamDefaultReader<Uint8Array>[] = []
let now = Date.now()

afterEach(async () => {
  for (const each of opened.splice(0)) await each.cancel()
})

function app(
  line: Line,
  sessions: ConversationOptions['sessions'] = true,
  options: ConversationOptions = {},
) {
  const made = testApp(line, { sessions, ...options, runtime: { ...defaultRuntime, now: () => now } })
  const { handler, registry } = made
  registry.register(
    'ask',
    { description: 'Asks', scopes: ['read:application'] },
    async (_, caller, extra) => {
      const { ask } = extra
      if (ask === undefined) return text('cannot ask')
      const answer = await ask('elicitation/create', {
        message: 'Your name?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      })
      return text(`${caller.subject} is ${String((answer.content as { name?: unknown }).name)}`)
    },
  )
  const begin = async (token = reader) => {
    const response = await post(handler, token, shakeHands)
    await response.text()
    return response.headers.get('mcp-session-id') ?? ''
  }
  const inSession = (id: string | undefined, token: string, body: unknown) =>
    post(handler, token, body, {
      'mcp-protocol-version': '2025-11-25',
      ...(id === undefined ? {} : { 'mcp-session-id': id }),
    })
  const listen = async (id: string | undefined, token: string, headers: Record<string, string> = {}) =>
    send(handler, {
      headers: {
        ...jsonHeaders,
        authorization: `Bearer ${token}`,
        'mcp-protocol-version': '2025-11-25',
        ...(id === undefined ? {} : { 'mcp-session-id': id }),
        ...headers,
      },
    })
  return { ...made, begin, inSession, listen }
}

/** The messages of a stream, as they come. */
function messagesOf(response: Response) {
  if (response.body === null) throw new Error('no stream')
  const reading = response.body.getReader()
  opened.push(reading)
  const decoder = new TextDecoder()
  let rest = ''
  return async function next(): Promise<{ id?: unknown; method?: string; result?: unknown } | undefined> {
    for (;;) {
      const [, data] = /(?:^|\n)data: (.+)\n/.exec(rest) ?? []
      if (data !== undefined) {
        rest = rest.slice(rest.indexOf(data) + data.length)
        return JSON.parse(data) as { method?: string }
      }
      const { done, value } = await reading.read()
      if (done) return undefined
      rest += decoder.decode(value, { stream: true })
    }
  }
}

describe.each(lines)('$line', (line) => {
  it('MC-27 a session id is long, random, given once, and needed from then on', async () => {
    const { begin, inSession } = app(line, { perCaller: 1000 })
    const ids = await Promise.all(Array.from({ length: 1000 }, () => begin()))
    expect(new Set(ids).size).toBe(1000)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/)
    // Every one of the 256 bits varies.
    const bits = ids.map((id) => Buffer.from(id, 'base64url'))
    for (let bit = 0; bit < 256; bit++) {
      const set = bits.filter((bytes) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1).length
      expect(set).toBeGreaterThan(350)
      expect(set).toBeLessThan(650)
    }
    const without = await inSession(undefined, reader, call('whoami'))
    expect(without.status).toBe(400)
    expect(await without.text()).toContain('Mcp-Session-Id is missing')
    expect((await inSession('', reader, call('whoami'))).status).toBe(404)
    expect((await inSession('x'.repeat(43), reader, call('whoami'))).status).toBe(404)
    expect((await inSession(ids[0], reader, call('whoami'))).status).toBe(200)
  })

  it('MC-27 a session id in the query is ignored', async () => {
    const { handler, begin, done } = app(line)
    const id = await begin()
    const headers = { ...jsonHeaders, authorization: `Bearer ${reader}` }
    for (const name of ['mcp-session-id', 'Mcp-Session-Id', 'sessionId', 'session_id']) {
      const body = JSON.stringify(call('get_application', { id: 'x' }))
      const url = `http://127.0.0.1:4000/mcp?${name}=${id}`
      const response = await send(handler, { method: 'POST', headers, body }, url)
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('Mcp-Session-Id is missing')
    }
    expect(done).toEqual([])
  })

  it('MC-27 a session of somebody else is unknown: to call, to listen, to replay and to end', async () => {
    const { begin, inSession, listen, handler, done } = app(line)
    const id = await begin()
    const others = [
      await mint('admin:application', { sub: 'bob' }),
      await mint('admin:application', { client_id: 'client-2' }),
    ]
    for (const other of others) {
      expect((await inSession(id, other, call('get_application', { id: 'x' }))).status).toBe(404)
      expect((await listen(id, other)).status).toBe(404)
      expect((await listen(id, other, { 'last-event-id': '1' })).status).toBe(404)
      const headers = { ...jsonHeaders, authorization: `Bearer ${other}`, 'mcp-session-id': id }
      expect((await send(handler, { method: 'DELETE', headers })).status).toBe(404)
    }
    expect(done).toEqual([])
    // It is still its owner's, also with a fresh token.
    const fresh = await mint('read:application')
    expect((await inSession(id, fresh, call('whoami'))).status).toBe(200)
  })

  it('MC-33 parallel calls with one id in sessions of their own get their own answers', async () => {
    const { begin, inSession } = app(line)
    const subjects = Array.from({ length: 50 }, (_, index) => `user-${index}`)
    const answers = await Promise.all(
      subjects.map(async (sub) => {
        const token = await mint('read:application', { sub })
        return (await inSession(await begin(token), token, call('whoami'))).text()
      }),
    )
    for (const [index, answer] of answers.entries())
      expect(new Set(answer.match(/user-\d+/g))).toEqual(new Set([subjects[index]]))
  })

  it('MC-25 a session gives no rights: each request counts with its own token', async () => {
    const { begin, inSession, done, handler } = app(line)
    const id = await begin(await mint('admin:application'))
    const refused = await inSession(id, reader, call('delete_application', { id: 'x' }))
    expect(refused.status).toBe(403)
    expect((await post(handler, undefined, call('whoami'), { 'mcp-session-id': id })).status).toBe(401)
    const allowed = await inSession(
      id,
      await mint('admin:application'),
      call('delete_application', { id: 'y' }, 2),
    )
    await messagesOf(allowed)()
    expect(done).toEqual(['delete y'])
  })

  it('ends with DELETE, when it is idle, and when its caller begins too many', async () => {
    const { begin, inSession, handler } = app(line, { idle: 60, perCaller: 2 })
    const statusOf = async (id: string, token = reader) =>
      (await inSession(id, token, request('ping'))).status
    const [first, second] = [await begin(), await begin()]
    const headers = { ...jsonHeaders, authorization: `Bearer ${reader}`, 'mcp-session-id': first }
    expect((await send(handler, { method: 'DELETE', headers })).status).toBe(200)
    expect(await statusOf(first)).toBe(404)

    const third = await begin()
    expect(await statusOf(second)).toBe(200)
    await begin()
    expect(await statusOf(third)).toBe(404)
    expect(await statusOf(second)).toBe(200)
    const bob = await mint('', { sub: 'bob' })
    expect(await statusOf(await begin(bob), bob)).toBe(200)
    now += 60_000
    expect(await statusOf(second)).toBe(404)
  })

  it('lets a tool ask its client, and gets the answer of that client only', async () => {
    const { begin, inSession } = app(line)
    const id = await begin()
    const next = messagesOf(await inSession(id, reader, call('ask', {}, 'q')))
    const asked = await next()
    expect(asked).toMatchObject({ method: 'elicitation/create', params: { message: 'Your name?' } })
    const answer = { jsonrpc: '2.0', id: asked?.id, result: { action: 'accept', content: { name: 'Al' } } }
    const bob = await mint('', { sub: 'bob' })
    const ofBob = await begin(bob)
    await inSession(ofBob, bob, { ...answer, result: { action: 'accept', content: { name: 'Mallory' } } })
    expect((await inSession(id, reader, answer)).status).toBe(202)
    expect(await next()).toMatchObject({ id: 'q', result: { content: [{ text: 'alice is Al' }] } })
  })

  it('tells who listens that there is more after a step-up, once, and tells nobody else', async () => {
    const { begin, inSession, listen, registry } = app(line)
    const id = await begin()
    const next = messagesOf(await listen(id, reader))
    const bob = await mint('read:application', { sub: 'bob' })
    const ofBob = messagesOf(await listen(await begin(bob), bob))
    const writer = await mint('write:application')
    for (const token of [reader, writer, reader, writer])
      await (await inSession(id, token, request('tools/list'))).text()
    expect([(await next())?.method, (await next())?.method, (await next())?.method]).toEqual([
      'notifications/tools/list_changed',
      'notifications/resources/list_changed',
      'notifications/prompts/list_changed',
    ])
    registry.register('new', { description: 'x', public: true }, () => text(''))
    registry.register('newer', { description: 'x', public: true }, () => text(''))
    registry.remove('prompt', 'review')
    for (const each of [next, ofBob]) {
      expect(await each()).toMatchObject({ method: 'notifications/tools/list_changed' })
      expect(await each()).toMatchObject({ method: 'notifications/prompts/list_changed' })
    }
  })

  it('says in the handshake that it tells of changes only where it does', async () => {
    const capabilitiesOf = async (sessions: boolean) => {
      const body = await (await post(app(line, sessions).handler, reader, shakeHands)).text()
      const { result } = JSON.parse(body.replace(/^[^{]*/, '')) as { result: { capabilities: unknown } }
      return result.capabilities
    }
    expect(await capabilitiesOf(true)).toMatchObject({ tools: { listChanged: true } })
    expect(await capabilitiesOf(false)).toMatchObject({ tools: {} })
    expect(JSON.stringify(await capabilitiesOf(false))).not.toContain('listChanged')
  })

  it('DS-11 streams of one caller have a limit, others are not affected, and closing makes room', async () => {
    const { begin, listen } = app(line, true, { streams: { perCaller: 3 } })
    const waiting = []
    for (let index = 0; index < 3; index++) waiting.push(await listen(await begin(), reader))
    expect(waiting.map(({ status }) => status)).toEqual([200, 200, 200])
    const refused = await listen(await begin(), reader)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    const bob = await mint('', { sub: 'bob' })
    messagesOf(await listen(await begin(bob), bob))
    await waiting[0]?.body?.cancel()
    messagesOf(await listen(await begin(), reader))
    for (const each of waiting.slice(1)) await each.body?.cancel()
  })

  it('DS-11 answers that come as streams within a session count like those on which clients wait', async () => {
    const { begin, inSession, listen } = app(line, true, { streams: { perCaller: 3 } })
    const id = await begin()
    const asking = []
    for (let index = 0; index < 3; index++)
      asking.push(await inSession(id, reader, call('ask', {}, `q${index}`)))
    expect(asking.map(({ status }) => status)).toEqual([200, 200, 200])
    const refused = await inSession(id, reader, call('ask', {}, 'q3'))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await refused.json()).toMatchObject({ id: 'q3' })
    expect((await listen(id, reader)).status).toBe(429)
    const bob = await mint('read:application', { sub: 'bob' })
    messagesOf(await inSession(await begin(bob), bob, call('ask', {}, 'q')))

    // The client's answer is no stream, and makes room.
    const next = messagesOf(asking[0] as Response)
    const asked = await next()
    const answer = { jsonrpc: '2.0', id: asked?.id, result: { action: 'accept', content: { name: 'Al' } } }
    expect((await inSession(id, reader, answer)).status).toBe(202)
    expect(await next()).toMatchObject({ id: 'q0' })
    expect(await next()).toBeUndefined()
    messagesOf(await inSession(id, reader, call('ask', {}, 'q4')))
    for (const each of asking.slice(1)) await each.body?.cancel()
  })

  it('MC-51 an answer is delivered although its token expires meanwhile', async () => {
    const { begin, inSession } = app(line)
    now = Date.now()
    const short = await mint('read:application', { exp: Math.floor(now / 1000) + 2 })
    const id = await begin(short)
    const next = messagesOf(await inSession(id, short, call('ask', {}, 'q')))
    const asked = await next()
    await new Promise((resolve) => setTimeout(resolve, 2100))
    const answer = { jsonrpc: '2.0', id: asked?.id, result: { action: 'accept', content: { name: 'Al' } } }
    expect((await inSession(id, reader, answer)).status).toBe(202)
    expect(await next()).toMatchObject({ id: 'q', result: { content: [{ text: 'alice is Al' }] } })
  })

  it('a stream ends when its token does', async () => {
    const { begin, listen } = app(line)
    now = Date.now()
    const short = await mint('read:application', { exp: Math.floor(now / 1000) + 2 })
    const next = messagesOf(await listen(await begin(short), short))
    expect(await next()).toBeUndefined()
  })

  it('every other way of the handshake era still works without sessions', async () => {
    const { handler } = testApp(line)
    expect((await post(handler, reader, call('whoami'), { 'mcp-session-id': 'x' })).status).toBe(200)
    const listening = { ...jsonHeaders, authorization: `Bearer ${reader}` }
    expect((await send(handler, { headers: listening })).status).toBe(405)
    const asked = testApp(line)
    asked.registry.register('ask', { description: 'x', public: true }, (_, __, { ask }) =>
      text(ask === undefined ? 'cannot ask' : 'can ask'),
    )
    expect(await rpc(post(asked.handler, reader, call('ask')))).toMatchObject({
      result: { content: [{ text: 'cannot ask' }] },
    })
  })

  it.each([{ idle: 0 }, { perCaller: 1.5 }, { total: -1 }])('sessions with %j are refused', (sessions) => {
    expect(() => app(line, sessions)).toThrow(TypeError)
  })

  it('streams with a limit that is none are refused', () => {
    expect(() => app(line, true, { streams: { perCaller: 0 } })).toThrow(TypeError)
  })
})
