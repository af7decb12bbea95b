import { defaultRuntime } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import type { McpServerOptions } from '../src/server.ts'
import { mint } from './support/issuer.ts'
import { call, lines, post, request, rpc, testApp, type Line } from './support/app.ts'

const reader = await mint('read:application')
const limited = (line: Line, rateLimit: NonNullable<McpServerOptions['rateLimit']>, now = () => 0) =>
  testApp(line, { rateLimit, runtime: { ...defaultRuntime, now } })

describe.each(lines)('$line', (line) => {
  it('MC-43 beyond the limit is 429 with Retry-After, nothing runs, and others are not affected', async () => {
    let now = 0
    const { handler, done, events } = limited(line, { calls: 20, window: 10 }, () => now)
    now = 4500
    const get = (token: string, id = 'x') => post(handler, token, call('get_application', { id }))
    const responses = await Promise.all(Array.from({ length: 100 }, () => get(reader)))
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    const refused = responses.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(80)
    expect(done).toHaveLength(20)
    expect(refused[0]?.headers.get('retry-after')).toBe('10')
    expect(await refused[0]?.json()).toMatchObject({ id: 1, error: { code: -32000 } })
    expect(events.at(-1)).toMatchObject({
      type: 'tool.denied',
      reason: 'rate_limited',
      decision: 'deny',
      subject: 'alice',
    })
    // Another user, another client, another tool.
    expect((await get(await mint('read:application', { sub: 'bob' }))).status).toBe(200)
    expect((await get(await mint('read:application', { client_id: 'client-2' }))).status).toBe(200)
    expect((await post(handler, reader, call('whoami'))).status).toBe(200)
    expect((await post(handler, reader, request('tools/list'))).status).toBe(200)
    // A fresh token of the same caller is no fresh allowance.
    expect((await get(await mint('read:application'))).status).toBe(429)
    now += 9999
    expect((await get(reader)).headers.get('retry-after')).toBe('1')
    now += 1
    expect((await get(reader)).status).toBe(200)
  })

  it('MC-43 counts an alias, each URI of a template and each item of a batch for the entry itself', async () => {
    const app = limited(line, { calls: 2, tools: { whoami: { calls: 1 } } })
    app.registry.register('t', { description: 'x', public: true, aliases: ['a', 'b'] }, () => ({
      content: [],
    }))
    const statusOf = async (body: unknown) => (await post(app.handler, reader, body)).status
    expect(await statusOf(call('a'))).toBe(200)
    expect(await statusOf(call('b'))).toBe(200)
    expect(await statusOf(call('t'))).toBe(429)
    expect(await statusOf(call('whoami'))).toBe(200)
    expect(await statusOf(call('whoami'))).toBe(429)
    for (const [uri, status] of [
      ['app://a/1', 200],
      ['app://a/2', 200],
      ['app://b/3', 429],
    ] as const)
      expect(await statusOf(request('resources/read', { uri }))).toBe(status)
    const batch = [1, 2, 3].map((id) => call('get_application', { id: 'x' }, id))
    expect(await statusOf(batch)).toBe(429)
    expect(app.done).toEqual([])
    // What is malformed in a batch is its own error, and is not counted.
    const odd = [call(7, {}, 1), call('boom', {}, 2)]
    expect(await rpc(post(app.handler, reader, odd))).toMatchObject([{ error: {} }, { result: {} }])
  })

  it('counts where it is told to, and refuses when that fails', async () => {
    const keys: string[] = []
    const counter = {
      async hit(key: string) {
        keys.push(key)
        if (keys.length > 1) throw new Error('secret')
        return { allowed: true, resetAt: 0 }
      },
    }
    const { handler, done } = limited(line, { calls: 2, counter })
    expect((await post(handler, reader, call('get_application', { id: 'x' }))).status).toBe(200)
    const failed = await post(handler, reader, call('get_application', { id: 'y' }))
    expect(failed.status).toBe(500)
    expect(await rpc(failed)).toMatchObject({ error: { message: 'Internal error' } })
    expect(done).toEqual(['get x'])
    expect(keys[0]).toContain('"alice","client-1","tool","get_application"')
  })

  it.each([
    { calls: 0 },
    { calls: 1.5 },
    { calls: 1, window: 0 },
    { calls: 1, tools: { nope: { calls: 1 } } },
  ])('a limit of %j is refused', (rateLimit) => {
    expect(() => limited(line, rateLimit)).toThrow(TypeError)
  })
})
