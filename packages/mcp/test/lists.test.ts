import { describe, expect, it } from 'vitest'
import { createToolRegistry, text, type Caller } from '../src/index.ts'
import { mint, scopes, testResourceServer } from './support/issuer.ts'
import { lines, post, postModern, request, rpc, type Line } from './support/app.ts'
import { testRegistry } from './support/registry.ts'

const reader = await mint('read:application')
const admin = await mint('admin:application')

function pagedApp({ create }: Pick<Line, 'create'>, pageSize?: number) {
  const registry = createToolRegistry({ scopes, ...(pageSize && { pageSize }) })
  for (const index of [1, 2, 3, 4, 5])
    registry
      .register(`read_${index}`, { description: 'x', scopes: ['read:application'] }, () => text(''))
      .register(`admin_${index}`, { description: 'x', scopes: ['admin:application'] }, () => text(''))
  return create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
}

describe.each(lines)('pages, $line', (line) => {
  const ask = line.modern ? postModern : post
  type Handler = ReturnType<typeof pagedApp>
  const page = async (handler: Handler, token: string, cursor?: unknown) => {
    const params = cursor === undefined ? {} : { cursor }
    const { result, error } = await rpc(ask(handler, token, request('tools/list', params)))
    const names = (result?.tools as { name: string }[] | undefined)?.map(({ name }) => name)
    return { names, next: result?.nextCursor as string | undefined, error, result }
  }

  it('hold what the caller may use, in a fixed order, and only that', async () => {
    const handler = pagedApp(line, 2)
    const first = await page(handler, reader)
    const second = await page(handler, reader, first.next)
    const third = await page(handler, reader, second.next)
    expect([first.names, second.names, third.names]).toEqual([
      ['read_1', 'read_2'],
      ['read_3', 'read_4'],
      ['read_5'],
    ])
    expect(third.next).toBeUndefined()
    expect((await page(handler, admin)).names).toEqual(['read_1', 'admin_1'])
    expect((await page(pagedApp(line), admin)).names).toHaveLength(10)
    expect((await page(pagedApp(line), admin)).next).toBeUndefined()
  })

  it('are whole and say how long they are, whether they are sent as text or as bytes', async () => {
    for (const count of [1, 2000]) {
      const registry = createToolRegistry({ scopes })
      for (let index = 0; index < count; index++)
        registry.register(`t${index}`, { description: 'ä', scopes: ['read:application'] }, () => text(''))
      const handler = line.create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
      for (const id of [7, 'ü']) {
        const response = await ask(handler, reader, request('tools/list', {}, id))
        const body = new Uint8Array(await response.arrayBuffer())
        const declared = response.headers.get('content-length')
        if (count > 1) expect(declared).toBe(String(body.length))
        const answer = JSON.parse(new TextDecoder().decode(body))
        expect(answer).toMatchObject({ jsonrpc: '2.0', id, result: { tools: { length: count } } })
        expect(answer.result.tools.at(-1)).toMatchObject({ name: `t${count - 1}`, description: 'ä' })
      }
    }
  })

  it('MC-08 are all nobody else’s to cache', async () => {
    // The handshake era has no word for it.
    if (!line.modern) return
    const handler = pagedApp(line, 2)
    const first = await page(handler, reader)
    for (const { result } of [first, await page(handler, reader, first.next)])
      expect(result).toMatchObject({ cacheScope: 'private', ttlMs: 0, resultType: 'complete' })
  })

  it('MC-23 a cursor of another token, a changed one and nonsense are refused', async () => {
    const handler = pagedApp(line, 2)
    const { next = '' } = await page(handler, admin)
    expect((await page(handler, admin, next)).names).toEqual(['read_2', 'admin_2'])
    const decoded = atob(next.replaceAll('-', '+').replaceAll('_', '/'))
    const encode = (value: string) =>
      btoa(value).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    const changed = [
      decoded.replace(',2,', ',3,'),
      decoded.replace(',2,', ',4,'),
      decoded.replace(',2,', ',-2,'),
      decoded.replace(',2,', ',2e0,'),
      decoded.replace('admin_1', 'read_1'),
      `${decoded} `,
      'null',
      '[]',
      '["x",2,"admin_1"]',
    ].map(encode)
    for (const cursor of [
      ...changed,
      `${next}A`,
      next.slice(1),
      '',
      'x'.repeat(100_000),
      7,
      null,
      {},
      ['x'],
    ]) {
      const { error, names } = await page(handler, admin, cursor)
      expect(error).toMatchObject({ code: -32602 })
      expect(names).toBeUndefined()
    }
    expect((await page(handler, reader, next)).error).toMatchObject({ code: -32602 })
    expect((await page(pagedApp(line), admin, next)).error).toMatchObject({ code: -32602 })
  })
})

it.each([0, -1, 1.5, Number.NaN, '5'])('a page of %j entries is refused', (pageSize) => {
  expect(() => createToolRegistry({ scopes, pageSize: pageSize as number })).toThrow(TypeError)
})

describe.each(lines)('listing without a token, $line', ({ create, modern }) => {
  const shakeHands = request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'x', version: '1' },
  })
  function app(anonymousListing: boolean) {
    const done: string[] = []
    const registry = createToolRegistry({ scopes, anonymousListing })
      .register('open', { description: 'x', public: true }, () => {
        done.push('open')
        return text('')
      })
      .register('shown', { description: 'x', scopes: ['read:application'], list: 'show' }, () => text(''))
      .register('gated', { description: 'x', scopes: ['read:application'] }, () => text(''))
    const handler = create({ registry, resourceServer: testResourceServer(), name: 'x', version: '1' })
    return { handler, done }
  }

  it('MC-46 is refused unless it was asked for, as is asking what there is', async () => {
    const { handler } = app(false)
    for (const message of [request('tools/list'), shakeHands, request('ping')])
      expect((await post(handler, undefined, message)).status).toBe(401)
    expect((await postModern(handler, undefined, request('server/discover'))).status).toBe(401)
  })

  it('MC-46 shows what is public and what is shown on purpose, and no gated name', async () => {
    const { handler } = app(true)
    expect(await rpc(post(handler, undefined, shakeHands))).toMatchObject({
      result: { serverInfo: { name: 'x' } },
    })
    const ways = modern ? [post, postModern] : [post]
    for (const ask of ways) {
      const { result } = await rpc(ask(handler, undefined, request('tools/list')))
      expect(result?.tools).toMatchObject([{ name: 'open' }, { name: 'shown' }])
      expect(result?.tools).toHaveLength(2)
    }
    if (!modern) return
    const discovered = await (await postModern(handler, undefined, request('server/discover'))).text()
    expect(discovered).toContain('"capabilities"')
    expect(discovered).not.toMatch(/gated|shown/)
  })

  it('opens nothing but lists: a call, a batch with one, and whatever is malformed is 401 with the challenge', async () => {
    const { handler, done } = app(true)
    for (const body of [
      request('tools/call', { name: 'open' }),
      request('resources/read', { uri: 'x' }),
      request('completion/complete'),
      [request('tools/list'), request('tools/call', { name: 'open' }, 2)],
      [],
      '{',
      { jsonrpc: '2.0', method: 'notifications/cancelled' },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      const response = await post(handler, undefined, body)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=/)
    }
    expect(done).toEqual([])
  })

  it('is no way around a token that is not valid', async () => {
    const { handler } = app(true)
    expect((await post(handler, 'nonsense', request('tools/list'))).status).toBe(401)
    const other = await mint('read:application', { aud: 'https://other.example/mcp' })
    expect((await post(handler, other, request('tools/list'))).status).toBe(401)
    const basic = await post(handler, undefined, request('tools/list'), { authorization: 'Basic eDp5' })
    expect(basic.status).toBe(401)
  })
})

describe('explain', () => {
  const { registry } = testRegistry()
  const about = (who: Caller | undefined, name: string) =>
    registry.explain(who).find((entry) => entry.name === name)
  const alice = { subject: 'alice', clientId: 'c', scopes: ['read:application'] }

  it('tells of every entry whether the caller sees it, and why', () => {
    expect(about(alice, 'get_application')).toEqual({
      list: 'tools/list',
      name: 'get_application',
      listed: true,
      allowed: true,
      missing: [],
      reason: 'listed: the token has read:application',
    })
    expect(about(alice, 'delete_application')).toMatchObject({
      listed: false,
      allowed: false,
      missing: ['admin:application'],
      reason: 'hidden: the token lacks admin:application',
    })
    expect(about(alice, 'update_application')).toMatchObject({
      listed: true,
      allowed: false,
      reason: "listed by list: 'show', and refused: the token lacks write:application",
    })
    expect(about(alice, 'whoami')).toMatchObject({ reason: 'listed: any valid token may use it' })
    expect(about(alice, 'review')).toMatchObject({ list: 'prompts/list', listed: false })
    expect(about(undefined, 'whoami')).toMatchObject({ listed: false, allowed: false })
  })

  it('agrees with the lists and with the access of every caller', () => {
    for (const scope of [
      [],
      ['read:application'],
      ['write:application'],
      ['admin:application', 'read:user'],
    ]) {
      const who = { ...alice, scopes: scope }
      const listed = registry.explain(who).filter((entry) => entry.listed && entry.list === 'tools/list')
      expect(listed.map(({ name }) => name)).toEqual(registry.visibleTo(who).tools.map(({ name }) => name))
      for (const { list, name, allowed } of registry.explain(who))
        if (list === 'tools/list') expect(registry.access('tool', name, who)?.allowed).toBe(allowed)
    }
  })
})

describe('lint', () => {
  it('finds scopes that open nothing and entries that need no scope', () => {
    const registry = createToolRegistry({ scopes })
      .register('open', { description: 'x', public: true }, () => text(''))
      .register('read', { description: 'x', scopes: { any: ['read:application'] } }, () => text(''))
    // The scopes above read:application imply it, and so open something.
    expect(registry.lint().map(({ rule, name }) => [rule, name])).toEqual([
      ['scope-without-use', 'read:user'],
      ['entry-without-scope', 'open'],
    ])
    expect(registry.lint(['read:user']).map(({ name }) => name)).toEqual(['open'])
    expect(registry.lint()[0]?.message).toContain('"read:user" opens nothing')
  })
})

describe('an entry that is taken away', () => {
  it('is neither listed nor called any more, and its names are free again', () => {
    const changes: string[] = []
    const registry = createToolRegistry({ scopes })
    const stop = registry.onListChanged((method) => changes.push(method))
    const add = () =>
      registry.register('t', { description: 'x', public: true, aliases: ['old'] }, () => text(''))
    const who = { subject: 'alice', clientId: 'c', scopes: [] }
    add()
    expect(registry.remove('tool', 'old')).toBe(false)
    expect(registry.access('tool', 't', who)).toEqual({ allowed: true })
    expect(registry.listPage('tools/list', who).json()).toContain('"t"')
    expect(registry.remove('tool', 't')).toBe(true)
    expect(registry.listPage('tools/list', who).json()).toBe('')
    for (const name of ['t', 'old']) expect(registry.access('tool', name, who)).toBeUndefined()
    add()
    registry.registerResource('a://{x}', { name: 'a', public: true }, () => undefined)
    expect(registry.remove('resource', 'a://1')).toBe(false)
    expect(registry.remove('resource', 'a://{x}')).toBe(true)
    registry.registerPrompt('p', { public: true }, () => ({ messages: [] }))
    expect(registry.remove('prompt', 'p')).toBe(true)
    expect(registry.visibleTo(who)).toMatchObject({ resourceTemplates: [], prompts: [] })
    stop()
    registry.remove('tool', 't')
    expect(changes).toEqual([
      'tools/list',
      'tools/list',
      'tools/list',
      'resources/templates/list',
      'resources/templates/list',
      'prompts/list',
      'prompts/list',
    ])
  })
})
