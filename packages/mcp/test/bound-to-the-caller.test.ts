// What travels through a model or a browser is worth nothing to another user.
// https://modelcontextprotocol.io/specification/2026-07-28/basic/security_best_practices
import { defaultRuntime } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createHandles, createToolRegistry, createUserLinks, failure, text } from '../src/index.ts'
import { mint, scopes, testResourceServer } from './support/issuer.ts'
import { call, lines, post, request, rpc } from './support/app.ts'

const key = 'k'.repeat(32)
let now = 0
const runtime = { ...defaultRuntime, now: () => now }
const alice = { subject: 'alice', clientId: 'c', scopes: [] }

describe.each(lines)('$line', ({ create }) => {
  it('MC-35 a handle that another user presents is unknown, and so is one that was made up', async () => {
    const baskets = createHandles({ kind: 'basket', key })
    const contents = new Map<string, string[]>()
    const registry = createToolRegistry({ scopes })
      .register('open_basket', { description: 'Opens', public: true }, async (_, caller) => {
        const id = `b-${contents.size}`
        contents.set(id, [])
        return text(await baskets.seal(id, caller))
      })
      .register(
        'add',
        { description: 'Adds', public: true, input: z.object({ basket_id: z.string(), item: z.string() }) },
        async ({ basket_id: handle, item }, caller) => {
          const basket = contents.get((await baskets.open(handle, caller)) ?? '')
          if (basket === undefined) return failure('unknown handle')
          basket.push(item)
          return text('added')
        },
      )
    const resourceServer = testResourceServer()
    const handler = create({ registry, resourceServer, name: 'shop', version: '1' })
    const say = async (token: string, name: string, args: object = {}) => {
      const { result } = await rpc(post(handler, token, call(name, args)))
      return (result?.content as { text: string }[] | undefined)?.[0]?.text
    }
    const [ofAlice, ofBob] = await Promise.all([mint(''), mint('', { sub: 'bob' })])
    const handle = (await say(ofAlice, 'open_basket')) ?? ''
    expect(await say(ofAlice, 'add', { basket_id: handle, item: 'book' })).toBe('added')
    expect(await say(ofBob, 'add', { basket_id: handle, item: 'gift' })).toBe('unknown handle')
    const otherClient = await mint('', { client_id: 'client-2' })
    expect(await say(otherClient, 'add', { basket_id: handle, item: 'gift' })).toBe('unknown handle')
    for (const made of ['b-0', '', `${handle}x`, handle.slice(1)])
      expect(await say(ofAlice, 'add', { basket_id: made, item: 'x' })).toBe('unknown handle')
    expect(contents.get('b-0')).toEqual(['book'])
  })

  it('MC-36 there are no tasks: nobody can poll, cancel or start one, not even the own', async () => {
    const registry = createToolRegistry({ scopes }).register('t', { description: 'x', public: true }, () =>
      text('ok'),
    )
    const handler = create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
    const token = await mint('')
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/result', 'tasks/list', 'tasks/update'])
      expect(await rpc(post(handler, token, request(method, { taskId: 'task-1' })))).toMatchObject({
        error: { code: -32601 },
      })
    const started = post(handler, token, request('tools/call', { name: 't', task: { ttl: 60_000 } }))
    // A client that asks for a task gets the answer itself.
    expect(await rpc(started)).toEqual({ jsonrpc: '2.0', id: 1, result: text('ok') })
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    }
    const { result } = await rpc(post(handler, token, request('initialize', params)))
    expect(result?.capabilities).toEqual({ tools: {} })
  })
})

describe('a handle', () => {
  it('MC-35 is of one kind, and grows too old', async () => {
    const baskets = createHandles({ kind: 'basket', key, lifetime: 60, runtime })
    const orders = createHandles({ kind: 'order', key, lifetime: 60, runtime })
    const handle = await baskets.seal('b-1', alice)
    expect(await baskets.open(handle, alice)).toBe('b-1')
    expect(await orders.open(handle, alice)).toBeUndefined()
    expect(await baskets.open(handle, { ...alice, issuer: 'https://other.example' })).toBeUndefined()
    now += 60_000
    expect(await baskets.open(handle, alice)).toBeUndefined()
  })
})

describe('a link of URL-mode elicitation', () => {
  const links = createUserLinks({
    url: 'https://app.example.com/connect?from=mcp',
    key,
    lifetime: 60,
    runtime,
  })

  it('MC-47 is refused when another user opens it', async () => {
    const link = await links.create({ connect: 'calendar' }, alice)
    expect(link).toMatch(/^https:\/\/app\.example\.com\/connect\?from=mcp&state=/)
    expect(await links.open(link, 'alice')).toEqual({ clientId: 'c', payload: { connect: 'calendar' } })
    expect(await links.open(new URL(link), 'alice')).toBeDefined()
    expect(await links.open(link, 'bob')).toBeUndefined()
    expect(await links.open(link, '')).toBeUndefined()
  })

  it('MC-47 is refused when it was changed, belongs to another page, or is too old', async () => {
    const link = await links.create(null, alice)
    for (const changed of [
      link.slice(0, -1),
      `${link}A`,
      link.replace(/state=[^.]*/, 'state=W10'),
      'nonsense',
      '',
    ])
      expect(await links.open(changed, 'alice')).toBeUndefined()
    const elsewhere = createUserLinks({ url: 'https://app.example.com/pay', key, lifetime: 60, runtime })
    expect(await elsewhere.open(link, 'alice')).toBeUndefined()
    now += 60_000
    expect(await links.open(link, 'alice')).toBeUndefined()
  })

  it('needs a page to point to', () => {
    expect(() => createUserLinks({ url: '/connect', key })).toThrow(TypeError)
  })
})
