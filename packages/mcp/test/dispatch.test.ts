import type { GatewrightEvent } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  createToolRegistry,
  failure,
  json,
  JsonRpcError,
  text,
  type Caller,
  type ToolHandler,
} from '../src/index.ts'
import { scopes } from './support/issuer.ts'
import { testRegistry } from './support/registry.ts'

const caller = (...granted: string[]): Caller => ({
  subject: 'alice',
  clientId: 'client-1',
  scopes: granted,
  jti: 'jti-1',
  grantId: 'grant-1',
  act: { sub: 'agent' },
})
const extra = (params: Record<string, unknown>) => ({
  signal: new AbortController().signal,
  params,
  context: { ip: '192.0.2.1', requestId: 'r1' },
  acceptsInputRequired: false,
  progress: async () => {},
})
const run = (
  method: string,
  who: Caller | undefined,
  params: Record<string, unknown> = {},
  app = testRegistry(),
) => app.registry.dispatch(method, who, extra(params))
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof JsonRpcError ? error.code : error),
  )

describe('without a gate in front', () => {
  it.each([
    ['tools/call', { name: 'delete_application', arguments: { id: 'x' } }],
    ['resources/read', { uri: 'app://secrets' }],
    ['prompts/get', { name: 'review', arguments: { app: 'x' } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'review' }, argument: { name: 'app', value: '' } },
    ],
  ])('%s refuses a caller without the scopes all the same', async (method, params) => {
    const app = testRegistry()
    for (const who of [undefined, caller('read:application')])
      expect(await codeOf(run(method, who, params, app))).toBe(-32001)
    expect(app.done).toEqual([])
    expect(app.events.map(({ reason }) => reason)).toEqual(['insufficient_scope', 'insufficient_scope'])
  })

  it('a public tool refuses to run for nobody', async () => {
    expect(await codeOf(run('tools/call', undefined, { name: 'whoami' }))).toBe(-32001)
  })

  it('an unknown method, name or reference is an error of the protocol', async () => {
    const admin = caller('admin:application')
    expect(await codeOf(run('tools/destroy', admin))).toBe(-32601)
    expect(await codeOf(run('tools/call', admin, { name: 'nope' }))).toBe(-32602)
    expect(await codeOf(run('tools/call', admin, { name: ['whoami'] }))).toBe(-32602)
    expect(await codeOf(run('tools/call', admin, { name: 'whoami', arguments: [] }))).toBe(-32602)
    expect(await codeOf(run('tools/call', admin, { name: 'whoami', arguments: 'x' }))).toBe(-32602)
    expect(
      await codeOf(run('completion/complete', admin, { ref: { type: 'ref/tool', name: 'whoami' } })),
    ).toBe(-32602)
  })
})

describe('a tool call', () => {
  it('reaches the handler with checked arguments, the caller and the rest', async () => {
    let seen: unknown
    const input = z.object({ n: z.number().default(7) })
    const registry = createToolRegistry({ scopes }).register(
      't',
      { description: 'x', public: true, input },
      (...given) => {
        seen = given
        return text('ok')
      },
    )
    const details = extra({ name: 't', arguments: { extra: 1 }, requestState: 'opaque' })
    await registry.dispatch('tools/call', caller(), details)
    expect(seen).toEqual([{ n: 7 }, caller(), details])
  })

  it('hides the arguments from a tool that has none', async () => {
    let seen: unknown
    const registry = createToolRegistry({ scopes }).register(
      't',
      { description: 'x', public: true },
      (args) => {
        seen = args
        return text('ok')
      },
    )
    await registry.dispatch('tools/call', caller(), extra({ name: 't', arguments: { admin: true } }))
    expect(seen).toEqual({})
  })

  it('with bad arguments tells the model what is wrong, and runs nothing', async () => {
    const app = testRegistry()
    const params = { name: 'get_application', arguments: { id: 7 } }
    const result = await run('tools/call', caller('read:application'), params, app)
    expect(result).toMatchObject({ isError: true })
    expect(JSON.stringify(result)).toContain('id: ')
    expect(app.done).toEqual([])
    expect(app.events).toMatchObject([{ type: 'tool.failed', reason: 'invalid_arguments' }])
  })

  it.each<[string, ToolHandler<unknown>]>([
    [
      'throws',
      () => {
        throw new Error('secret /srv/app/db.ts:12')
      },
    ],
    ['rejects', async () => Promise.reject(new Error('secret /srv/app/db.ts:12'))],
    [
      'throws no error',
      () => {
        throw 'secret /srv/app/db.ts:12'
      },
    ], // eslint-disable-line typescript/only-throw-error
    ['returns nothing', () => undefined as never],
    ['returns no content', () => ({ secret: '/srv/app/db.ts:12' }) as never],
  ])('MC-39 that %s gives a generic text, and the cause to the listener only', async (_, handler) => {
    const events: GatewrightEvent[] = []
    const registry = createToolRegistry({ scopes, onEvent: (event) => events.push(event) }).register(
      't',
      { description: 'x', public: true },
      handler,
    )
    expect(await registry.dispatch('tools/call', caller(), extra({ name: 't' }))).toEqual({
      content: [{ type: 'text', text: 'The tool failed.' }],
      isError: true,
    })
    expect(events).toMatchObject([{ type: 'tool.failed', reason: 'thrown' }])
    expect(events[0]?.cause).toBeDefined()
  })

  it('whose result does not fit its schema fails', async () => {
    const reader = caller('read:application')
    expect(await run('tools/call', reader, { name: 'count' })).toMatchObject({
      structuredContent: { count: 3 },
    })
    expect(await run('tools/call', reader, { name: 'wrong_output' })).toMatchObject({ isError: true })
  })

  it('may ask for input only where the client understands that', async () => {
    const registry = createToolRegistry({ scopes }).register(
      'ask',
      { description: 'x', public: true },
      () => ({
        resultType: 'input_required',
        requestState: 's',
      }),
    )
    const asked = extra({ name: 'ask' })
    expect(await registry.dispatch('tools/call', caller(), asked)).toMatchObject({ isError: true })
    expect(await registry.dispatch('tools/call', caller(), { ...asked, acceptsInputRequired: true })).toEqual(
      {
        resultType: 'input_required',
        requestState: 's',
      },
    )
  })

  it('is reported with who, for whom, with what and from where', async () => {
    const app = testRegistry()
    await run('tools/call', caller('read:application'), { name: 'sorry' }, app)
    await run(
      'tools/call',
      caller('read:application'),
      { name: 'get_application', arguments: { id: 'x' } },
      app,
    )
    expect(app.events).toMatchObject([
      { type: 'tool.called', name: 'sorry', reason: 'is_error' },
      {
        type: 'tool.called',
        name: 'get_application',
        subject: 'alice',
        clientId: 'client-1',
        jti: 'jti-1',
        grantId: 'grant-1',
        act: { sub: 'agent' },
        scope: 'read:application',
        ip: '192.0.2.1',
        requestId: 'r1',
      },
    ])
  })
})

describe('a resource', () => {
  const reader = caller('read:application')

  it('is read with the variables of its URI', async () => {
    expect(await run('resources/read', reader, { uri: 'app://built-in/my%20app' })).toEqual({
      contents: [{ uri: 'app://built-in/my%20app', mimeType: 'text/plain', text: 'built-in has my app' }],
    })
  })

  it('MC-21 is not found under a URI that climbs, hides a slash, or is another scheme', async () => {
    for (const uri of [
      'app://1/../2',
      'app://1%2f..%2f2',
      'app://1/..%2f2',
      'app://1/%2e%2e',
      'app://1/..',
      'app://1/a%5cb',
      'file:///etc/passwd',
      'app://1\0',
      'app://1/\0',
      'app://1/%00',
      'app://1/%zz',
      'APP://a/b',
      'app://a/b?x',
      'app://a/b#x',
      'app://a/b/c',
      'app://a/none',
    ])
      expect(await codeOf(run('resources/read', reader, { uri }))).toBe(-32602)
  })

  it.each([[false], [true]])(
    'MC-20 that fits two templates is read by the scopes of the one that says more of it (registered first: %s)',
    async (first) => {
      const wide = ['ledger://{owner}/{name}', 'read:application'] as const
      const narrow = ['ledger://admin/{name}', 'admin:application'] as const
      const registry = createToolRegistry({ scopes })
      for (const [uri, scope] of first ? [narrow, wide] : [wide, narrow])
        registry.registerResource(uri, { name: uri, scopes: [scope] }, () => ({ text: uri }))
      const read = (who: Caller, uri: string) => registry.dispatch('resources/read', who, extra({ uri }))
      expect(await read(caller('read:application'), 'ledger://alice/keys')).toHaveProperty('contents')
      expect(await codeOf(read(caller('read:application'), 'ledger://admin/keys'))).toBe(-32001)
      expect(registry.entryName('resource', 'ledger://admin/keys')).toBe(narrow[0])
    },
  )

  it('that fails does not say why', async () => {
    const app = testRegistry()
    const error: unknown = await run('resources/read', reader, { uri: 'app://broken' }, app).catch(
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ code: -32603, message: 'The resource could not be read.' })
    expect(app.events).toMatchObject([{ type: 'request.failed', cause: expect.any(Error) as Error }])
  })
})

describe('a prompt', () => {
  const writer = caller('write:application')

  it('is written from the arguments that it names', async () => {
    const params = { name: 'review', arguments: { app: 'x', other: 'y' } }
    expect(await run('prompts/get', writer, params)).toEqual({
      messages: [{ role: 'user', content: { type: 'text', text: 'Review x kindly' } }],
    })
  })

  it('refuses arguments that are missing or no text', async () => {
    for (const args of [{}, { app: 7 }, { app: 'x', tone: ['a'] }])
      expect(await codeOf(run('prompts/get', writer, { name: 'review', arguments: args }))).toBe(-32602)
  })

  it('is completed in view of the rest of the request', async () => {
    const seen: unknown[] = []
    const registry = createToolRegistry({ scopes }).registerPrompt(
      'p',
      {
        public: true,
        arguments: [{ name: 'a', complete: (...given) => (seen.push(given), ['x']) }],
      },
      () => ({ messages: [] }),
    )
    const params = {
      ref: { type: 'ref/prompt', name: 'p' },
      argument: { name: 'a', value: 'v' },
      context: { arguments: { b: 'w', c: 1 } },
    }
    const request = extra(params)
    await registry.dispatch('completion/complete', caller(), request)
    expect(seen).toEqual([['v', caller(), { b: 'w' }, request]])
  })

  it('and a template complete their arguments', async () => {
    const ref = { type: 'ref/prompt', name: 'review' }
    expect(await run('completion/complete', writer, { ref, argument: { name: 'app', value: 'x' } })).toEqual({
      completion: { values: ['x-1', 'x-2'], total: 2, hasMore: false },
    })
    const template = { type: 'ref/resource', uri: 'app://{owner}/{name}' }
    expect(
      await run('completion/complete', writer, { ref: template, argument: { name: 'owner', value: 'b' } }),
    ).toEqual({
      completion: { values: ['built-in'], total: 1, hasMore: false },
    })
    expect(
      await run('completion/complete', writer, { ref, argument: { name: 'tone', value: '' } }),
    ).toMatchObject({
      completion: { values: [] },
    })
  })
})

it('MC-23 a cursor is never ours', async () => {
  for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])
    for (const cursor of ['', 'x', 'x'.repeat(100_000), 7, null])
      expect(await codeOf(run(method, caller('admin:application'), { cursor }))).toBe(-32602)
})

it('results can be built from texts, values and failures', () => {
  expect(text('a')).toEqual({ content: [{ type: 'text', text: 'a' }] })
  expect(json({ a: 1 })).toEqual({
    content: [{ type: 'text', text: '{\n  "a": 1\n}' }],
    structuredContent: { a: 1 },
  })
  expect(json([1])).toEqual({ content: [{ type: 'text', text: '[\n  1\n]' }] })
  expect(failure('no')).toEqual({ content: [{ type: 'text', text: 'no' }], isError: true })
})
