// MCP 2026-07-28 Authorization: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
import { describe, expect, it } from 'vitest'
import { mint } from './support/issuer.ts'
import { call, lines, post, postModern, request, rpc, testApp, type RpcBody } from './support/app.ts'

const challengeOf = (response: Response) => response.headers.get('www-authenticate') ?? ''
const reader = await mint('read:application')
const writer = await mint('write:application')
const admin = await mint('admin:application')
const toolNames = ({ result = {} }: RpcBody) => (result.tools as { name: string }[]).map(({ name }) => name)

// Every way in: each line with the handshake, and the line that knows it with the envelope as well.
const ways = lines.flatMap((line) => [
  { way: `${line.line}, handshake`, line, ask: post },
  ...(line.modern ? [{ way: `${line.line}, envelope`, line, ask: postModern }] : []),
])

describe.each(ways)('$way', ({ line, ask }) => {
  it('MC-03 a call without the scope is one 403 with the scopes to ask for, and nothing runs', async () => {
    const { handler, done, events } = testApp(line)
    const response = await ask(handler, reader, call('update_application', { id: 'x' }, 'seven'))
    expect(response.status).toBe(403)
    expect(challengeOf(response)).toMatch(/^Bearer error="insufficient_scope", /)
    expect(challengeOf(response)).toContain('scope="read:application write:application"')
    expect(challengeOf(response)).toContain(
      'resource_metadata="http://127.0.0.1:4000/.well-known/oauth-protected-resource/mcp"',
    )
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: 'seven',
      error: {
        code: -32001,
        message: 'insufficient_scope',
        data: {
          tool: 'update_application',
          granted_scopes: ['read:application'],
          required_scope: 'write:application',
        },
      },
    })
    expect(done).toEqual([])
    expect(events).toMatchObject([
      {
        type: 'tool.denied',
        name: 'update_application',
        required: ['write:application'],
        scope: 'read:application',
        subject: 'alice',
        clientId: 'client-1',
        grantId: 'grant-1',
        jti: expect.stringContaining('jti-') as string,
        ip: '192.0.2.1',
        requestId: 'r1',
      },
    ])
  })

  it('a tool that needs several scopes names them all at once', async () => {
    const response = await ask(testApp(line).handler, reader, call('copy_user'))
    expect(challengeOf(response)).toContain('scope="read:application read:user write:application"')
    expect(await rpc(response)).toMatchObject({
      error: { data: { tool: 'copy_user', required_scope: 'read:user write:application' } },
    })
  })

  it('SC-07 a call with a scope that implies the needed one runs', async () => {
    const { handler, done } = testApp(line)
    const response = await ask(handler, admin, call('update_application', { id: 'x' }))
    expect(await rpc(response)).toMatchObject({ result: { content: [{ text: 'updated' }] } })
    expect(done).toEqual(['update x'])
  })

  it('SC-15 a token without scopes may call what is public', async () => {
    const { handler } = testApp(line)
    const nothing = await mint('')
    expect((await ask(handler, nothing, call('get_application', { id: 'x' }))).status).toBe(403)
    expect(await rpc(ask(handler, nothing, call('whoami')))).toMatchObject({
      result: { structuredContent: { sub: 'alice', client_id: 'client-1', scopes: [] } },
    })
  })

  it('MC-08 lists hold what the caller may use, and are nobody else’s to cache', async () => {
    const { handler } = testApp(line)
    const body = await rpc(ask(handler, reader, request('tools/list')))
    expect(toolNames(body)).toContain('get_application')
    expect(toolNames(body)).not.toContain('delete_application')
    expect(toolNames(body)).toContain('update_application')
    expect(toolNames(await rpc(ask(handler, admin, request('tools/list'))))).toContain('delete_application')
    if (ask !== postModern) return
    for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])
      expect(await rpc(ask(handler, reader, request(method)))).toMatchObject({
        result: { resultType: 'complete', cacheScope: 'private', ttlMs: 0 },
      })
  })

  it.each([
    'DELETE_APPLICATION',
    'delete_application ',
    'delete_application\u200b',
    'ｄelete_application',
    'delete%5Fapplication',
    './delete_application',
    'ns/delete_application',
    'delete_аpplication',
  ])('MC-10 the name %j is unknown, and nothing runs', async (name) => {
    const { handler, done } = testApp(line)
    for (const token of [reader, admin]) {
      // A header carries only ASCII as it is.
      const encoded = `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(name)))}?=`
      const response = await ask(handler, token, call(name, { id: 'x' }), { 'mcp-name': encoded })
      expect(response.status).toBe(200)
      expect(await rpc(response)).toMatchObject({ error: { code: -32602 } })
    }
    expect(done).toEqual([])
  })

  it.each([
    '__proto__',
    'constructor',
    'toString',
    '',
    'a'.repeat(129),
    ['x'],
    ['whoami'],
    {},
    null,
    0,
    true,
    undefined,
  ])('MC-11 the name %j is an invalid parameter', async (name) => {
    const { handler, events } = testApp(line)
    const response = await ask(handler, admin, call(name))
    expect(response.status).toBe(200)
    expect(await rpc(response)).toMatchObject({ id: 1, error: { code: -32602 } })
    expect(events).toEqual([])
  })

  it('MC-11 a method that is none is not found', async () => {
    const { handler } = testApp(line)
    for (const method of [
      '__proto__',
      'constructor',
      'toString',
      'tools/destroy',
      'resources/subscribe',
      'logging/setLevel',
      'tasks/get',
      'tools/call/x',
    ])
      expect(await rpc(ask(handler, admin, request(method)))).toMatchObject({ error: { code: -32601 } })
  })

  it('MC-15 of two members of one name the gate and the handler see the same', async () => {
    const { handler, done } = testApp(line)
    const body = (first: string, second: string) =>
      JSON.stringify(call('NAME', { id: 'x' })).replace(
        '"name":"NAME"',
        `"name":"${first}","name":"${second}"`,
      )
    expect((await post(handler, reader, body('get_application', 'delete_application'))).status).toBe(403)
    expect((await post(handler, reader, body('delete_application', 'get_application'))).status).toBe(200)
    expect(done).toEqual(['get x'])
  })

  it('MC-20 resources and prompts without the scope are absent, and 403', async () => {
    const { handler } = testApp(line)
    expect(await rpc(ask(handler, reader, request('resources/list')))).toMatchObject({
      result: { resources: [{ uri: 'app://broken' }] },
    })
    expect(await rpc(ask(handler, reader, request('prompts/list')))).toMatchObject({
      result: { prompts: [] },
    })
    expect(
      await rpc(ask(handler, await mint('read:user'), request('resources/templates/list'))),
    ).toMatchObject({
      result: { resourceTemplates: [] },
    })
    const read = await ask(handler, reader, request('resources/read', { uri: 'app://secrets' }))
    expect(read.status).toBe(403)
    expect(challengeOf(read)).toContain('scope="read:application admin:application"')
    expect(await rpc(read)).toMatchObject({ error: { data: { resource: 'app://secrets' } } })
    const get = await ask(
      handler,
      reader,
      request('prompts/get', { name: 'review', arguments: { app: 'x' } }),
    )
    expect(get.status).toBe(403)
    const ref = { type: 'ref/prompt', name: 'review' }
    const complete = request('completion/complete', { ref, argument: { name: 'app', value: '' } })
    expect((await ask(handler, reader, complete)).status).toBe(403)
    expect((await ask(handler, writer, complete)).status).toBe(200)
  })

  it('MC-21 a URI that climbs or leaves is not found', async () => {
    const { handler } = testApp(line)
    for (const uri of [
      'app://1/../2',
      'app://1%2f..%2f2',
      'file:///etc/passwd',
      'app://1\0',
      ['app://a/b'],
      7,
    ]) {
      const response = await ask(handler, reader, request('resources/read', { uri }), {
        'mcp-name': `=?base64?${btoa(String(uri))}?=`,
      })
      expect(response.status).toBe(200)
      expect(await rpc(response)).toMatchObject({ error: { code: -32602 } })
    }
  })

  it('MC-13 headers that tell another story than the body are refused, also where they need not be there', async () => {
    const { handler, done } = testApp(line)
    const call = request('tools/call', { name: 'get_application', arguments: { id: 'x' } })
    const stories: Record<string, string>[] = [{ 'mcp-method': 'ping' }, { 'mcp-name': 'harmless' }]
    for (const story of stories) {
      const response = await ask(handler, admin, call, story)
      expect(response.status).toBe(400)
      expect(await rpc(response)).toMatchObject({ error: { code: -32020 } })
    }
    expect(done).toEqual([])
  })

  it('MC-23 a cursor made elsewhere is an invalid parameter', async () => {
    const { handler } = testApp(line)
    for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])
      for (const cursor of ['x', btoa('{"offset":0}'), 'x'.repeat(10_000)])
        expect(await rpc(ask(handler, admin, request(method, { cursor })))).toMatchObject({
          error: { code: -32602 },
        })
  })

  it('MC-24 every answer follows the token of its own request', async () => {
    const { handler } = testApp(line)
    for (let round = 0; round < 3; round++) {
      expect(toolNames(await rpc(ask(handler, reader, request('tools/list'))))).not.toContain(
        'delete_application',
      )
      expect(toolNames(await rpc(ask(handler, admin, request('tools/list'))))).toContain('delete_application')
    }
  })

  it('MC-25 MC-28 a session id is ignored: scopes are those of the request', async () => {
    const { handler, done } = testApp(line)
    const session = { 'mcp-session-id': 'x' }
    const response = await ask(handler, admin, call('update_application', { id: 'x' }), session)
    expect(response.status).toBe(200)
    expect(response.headers.get('mcp-session-id')).toBeNull()
    expect((await ask(handler, reader, call('update_application', { id: 'y' }), session)).status).toBe(403)
    expect(done).toEqual(['update x'])
  })

  it('MC-39 a tool that throws fails without a reason', async () => {
    const { handler, events } = testApp(line)
    const response = await ask(handler, reader, call('boom'))
    expect(response.status).toBe(200)
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({
      result: { isError: true, content: [{ text: 'The tool failed.' }] },
    })
    expect(body).not.toMatch(/secret|srv|select/)
    expect(events).toMatchObject([{ type: 'tool.failed', name: 'boom', reason: 'thrown' }])
  })

  it('a resource that throws fails without a reason', async () => {
    const response = await ask(
      testApp(line).handler,
      reader,
      request('resources/read', { uri: 'app://broken' }),
    )
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({
      error: { code: -32603, message: 'The resource could not be read.' },
    })
    expect(body).not.toMatch(/ENOENT|srv/)
  })

  it('a call is reported', async () => {
    const { handler, events } = testApp(line)
    await ask(handler, reader, call('get_application', { id: 'x' }))
    expect(events).toMatchObject([
      {
        type: 'tool.called',
        name: 'get_application',
        subject: 'alice',
        clientId: 'client-1',
        grantId: 'grant-1',
        scope: 'read:application',
        ip: '192.0.2.1',
        requestId: 'r1',
      },
    ])
  })

  it('a notification that names a tool runs nothing', async () => {
    const { handler, done } = testApp(line)
    const { id: _, ...notification } = call('delete_application', { id: 'x' })
    expect((await post(handler, reader, notification)).status).toBe(403)
    expect((await post(handler, admin, notification)).status).toBe(202)
    expect(done).toEqual([])
  })

  it('a call with a progress token is gated like any other, and reports its progress', async () => {
    const { handler } = testApp(line)
    const slow = (name: string) =>
      request('tools/call', { name, arguments: { id: 'x' }, _meta: { progressToken: 'p' } })
    expect((await ask(handler, reader, slow('update_application'))).status).toBe(403)
    const response = await ask(handler, reader, slow('slow'))
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const messages = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, data = '']) => JSON.parse(data) as unknown,
    )
    expect(messages).toMatchObject([
      {
        method: 'notifications/progress',
        params: { progressToken: 'p', progress: 1, total: 2, message: 'half' },
      },
      { id: 1, result: { content: [{ text: 'done' }] } },
    ])
  })

  it('MC-50 a handler learns that the client has gone', async () => {
    for (const _meta of [{}, { progressToken: 'p' }]) {
      const { handler, registry, events } = testApp(line)
      const controller = new AbortController()
      let reached = () => {}
      const started = new Promise<void>((resolve) => (reached = resolve))
      registry.register('wait', { description: 'Waits', public: true }, async (__, ___, { signal }) => {
        reached()
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('gone'))),
        )
        throw new Error('unreachable')
      })
      const aborting = {
        ...handler,
        handle: (sent: Request) => handler.handle(new Request(sent, { signal: controller.signal })),
      }
      const answer = ask(aborting, reader, request('tools/call', { name: 'wait', _meta }))
      await started
      controller.abort()
      await answer
      await expect.poll(() => events).toMatchObject([{ type: 'tool.failed', reason: 'aborted' }])
    }
  })
})

describe.each(lines)('$line, batches', (line) => {
  const both = [call('get_application', { id: 'x' }, 1), call('delete_application', { id: 'x' }, 2)]

  it.each(['2025-06-18', '2025-11-25', '2026-07-28'])('MC-17 are refused in %s', async (version) => {
    const { handler, done } = testApp(line)
    const response = await post(handler, admin, both, { 'mcp-protocol-version': version })
    expect(response.status).toBe(400)
    expect(await rpc(response)).toMatchObject({ error: { code: -32600 } })
    expect(done).toEqual([])
  })

  it.each([{}, { 'mcp-protocol-version': '2025-03-26' }])(
    'MC-17 run in 2025-03-26 if every item may, and not at all if one may not (%j)',
    async (headers) => {
      const { handler, done } = testApp(line)
      const refused = await post(handler, reader, both, headers)
      expect(refused.status).toBe(403)
      expect(challengeOf(refused)).toContain('scope="read:application admin:application"')
      expect(done).toEqual([])
      const response = await post(handler, admin, both, headers)
      expect(await response.json()).toMatchObject([
        { id: 1, result: { content: [{ text: 'application x' }] } },
        { id: 2, result: { content: [{ text: 'deleted' }] } },
      ])
      expect(done).toEqual(['get x', 'delete x'])
    },
  )

  it('MC-17 share one challenge, the union of what all of them need', async () => {
    const items = [call('copy_user', {}, 1), call('delete_application', { id: 'x' }, 2)]
    const response = await post(testApp(line).handler, reader, items)
    expect(challengeOf(response)).toContain(
      'scope="read:application read:user write:application admin:application"',
    )
  })

  it('MC-17 that are empty, too long, or repeat an id are refused', async () => {
    const { handler, done } = testApp(line)
    const many = Array.from({ length: 1000 }, (_, index) => call('get_application', { id: 'x' }, index))
    const twice = [call('get_application', { id: 'x' }, 1), call('get_application', { id: 'y' }, 1)]
    for (const [body, why] of [
      [[], 'The batch is empty'],
      [many, 'The batch is too long'],
      [many.slice(0, 101), 'The batch is too long'],
      [twice, 'Two requests have the same id'],
      [[[]], 'The message is not JSON-RPC 2.0'],
      [[null], 'The message is not JSON-RPC 2.0'],
    ] as const) {
      const response = await post(handler, admin, body)
      expect(response.status).toBe(400)
      expect(await rpc(response)).toMatchObject({
        error: { code: -32600, message: `Invalid Request: ${why}` },
      })
    }
    expect(done).toEqual([])
  })

  it('answer what exists beside what does not', async () => {
    const { handler, done } = testApp(line)
    const body = [
      call('nope', {}, 1),
      call(['get_application'], {}, 2),
      call('get_application', { id: 'x' }, 3),
      request('tools/list', {}, 4),
      request('tools/destroy', {}, 5),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
    ]
    expect(await (await post(handler, reader, body)).json()).toMatchObject([
      { id: 1, error: { code: -32602 } },
      { id: 2, error: { code: -32602 } },
      { id: 3, result: { content: [{ text: 'application x' }] } },
      { id: 4, result: { tools: expect.any(Array) as unknown[] } },
      { id: 5, error: { code: -32601 } },
    ])
    expect(done).toEqual(['get x'])
  })
})
