// MCP 2026-07-28 Transports: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
import { describe, expect, it } from 'vitest'
import { JsonRpcError } from '../src/index.ts'
import { mint } from './support/issuer.ts'
import {
  call,
  lines,
  modernVersion,
  post,
  postModern,
  request,
  rpc,
  testApp,
  withEnvelope,
} from './support/app.ts'

const reader = await mint('read:application')
const admin = await mint('admin:application')
const [v1, v2] = lines
const initialize = (version: string) =>
  request('initialize', {
    protocolVersion: version,
    capabilities: {},
    clientInfo: { name: 'x', version: '1' },
  })

describe.each(lines)('$line with a handshake', (line) => {
  it.each(['2025-11-25', '2025-06-18', '2025-03-26'])('answers initialize of %s', async (version) => {
    const { handler } = testApp(line, { instructions: 'Be kind.', title: 'Applications' })
    expect(await rpc(post(handler, reader, initialize(version)))).toMatchObject({
      result: {
        protocolVersion: version,
        serverInfo: { name: 'applications', version: '1.0.0', title: 'Applications' },
        instructions: 'Be kind.',
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      },
    })
  })

  it('accepts the notifications and responses that follow', async () => {
    const { handler } = testApp(line)
    const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }
    expect((await post(handler, reader, initialized)).status).toBe(202)
    expect((await post(handler, reader, { jsonrpc: '2.0', id: 1, result: {} })).status).toBe(202)
  })

  it('adds nothing to results that earlier revisions do not know', async () => {
    const { handler } = testApp(line)
    expect(Object.keys((await rpc(post(handler, reader, request('tools/list')))).result ?? {})).toEqual([
      'tools',
    ])
    expect(Object.keys((await rpc(post(handler, reader, call('sorry')))).result ?? {})).toEqual([
      'content',
      'isError',
    ])
  })

  it.each(['2023-01-01', 'x', '2025-11-25, 2025-11-25'])('refuses the version %j', async (version) => {
    const { handler, done } = testApp(line)
    const headers = { 'mcp-protocol-version': version }
    expect((await post(handler, reader, call('get_application', { id: 'x' }), headers)).status).toBe(400)
    expect(done).toEqual([])
  })

  it('server/discover without an envelope is 400, so that a client falls back', async () => {
    expect((await post(testApp(line).handler, reader, request('server/discover'))).status).toBe(400)
  })
})

describe('sdk v1', () => {
  it('tells clients of 2026-07-28 which revisions there are, and runs nothing', async () => {
    const { handler, done } = testApp(v1)
    for (const message of [
      request('server/discover'),
      call('get_application', { id: 'x' }),
      request('tools/list'),
    ]) {
      const response = await postModern(handler, reader, message)
      expect(response.status).toBe(400)
      expect(await rpc(response)).toMatchObject({
        id: 1,
        error: {
          code: -32022,
          data: { supported: expect.arrayContaining(['2025-11-25']) as string[], requested: modernVersion },
        },
      })
    }
    const headers = { 'mcp-protocol-version': modernVersion }
    expect((await post(handler, reader, request('tools/list'), headers)).status).toBe(400)
    expect(done).toEqual([])
  })
})

describe('server v2 with an envelope', () => {
  it('answers server/discover', async () => {
    const { handler } = testApp(v2, { instructions: 'Be kind.' })
    expect(await rpc(postModern(handler, reader, request('server/discover')))).toMatchObject({
      result: {
        resultType: 'complete',
        supportedVersions: [modernVersion],
        instructions: 'Be kind.',
        cacheScope: 'private',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'applications', version: '1.0.0' } },
      },
    })
  })

  it('answers calls, reads and prompts with what the revision wants in every result', async () => {
    const { handler } = testApp(v2)
    const info = { _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'applications' } } }
    expect(await rpc(postModern(handler, reader, call('get_application', { id: 'x' })))).toMatchObject({
      result: { resultType: 'complete', ...info, content: [{ text: 'application x' }] },
    })
    expect(
      await rpc(postModern(handler, reader, request('resources/read', { uri: 'app://a/b' }))),
    ).toMatchObject({
      result: { resultType: 'complete', ...info, ttlMs: 0, cacheScope: 'private' },
    })
  })

  it('a result that asks for input stays one, and a handler cannot share a cache', async () => {
    const { handler, registry } = testApp(v2)
    registry.register('ask', { description: 'x', public: true }, () => ({
      resultType: 'input_required',
      requestState: 's',
    }))
    registry.register(
      'share',
      { description: 'x', public: true },
      () => ({ content: [], cacheScope: 'public', resultType: 'odd' }) as never,
    )
    expect(await rpc(postModern(handler, reader, call('ask')))).toMatchObject({
      result: { resultType: 'input_required', requestState: 's' },
    })
    expect(await rpc(postModern(handler, reader, call('share')))).toMatchObject({
      result: { resultType: 'complete' },
    })
  })

  const header = (
    name: string,
    value: string | undefined,
    message = call('get_application', { id: 'x' }),
  ) => {
    const { handler, done } = testApp(v2)
    const headers: Record<string, string> = value === undefined ? {} : { [name]: value }
    return { response: postModernWithout(name, handler, message, headers), done }
  }
  async function postModernWithout(
    name: string,
    handler: Parameters<typeof post>[0],
    message: ReturnType<typeof call>,
    headers: Record<string, string>,
  ) {
    const standard: Record<string, string> = {
      'mcp-protocol-version': modernVersion,
      'mcp-method': message.method,
      'mcp-name': 'get_application',
    }
    delete standard[name]
    return post(handler, admin, withEnvelope(message), { ...standard, ...headers })
  }

  it.each([
    ['mcp-method', 'tools/list'],
    ['mcp-method', 'TOOLS/CALL'],
    ['mcp-method', undefined],
    ['mcp-protocol-version', '2025-11-25'],
    ['mcp-protocol-version', undefined],
    ['mcp-name', 'whoami'],
    ['mcp-name', 'GET_APPLICATION'],
    ['mcp-name', undefined],
  ])('MC-13 %s: %s that differs from the body is 400, and nothing runs', async (name, value) => {
    const { response, done } = header(name, value)
    expect((await response).status).toBe(400)
    expect(await rpc(response.then((sent) => sent.clone()))).toMatchObject({ id: 1, error: { code: -32020 } })
    expect(done).toEqual([])
  })

  it('MC-13 the headers of a safe tool do not carry a call of a dangerous one', async () => {
    const { handler, done } = testApp(v2)
    const response = await postModern(handler, reader, call('delete_application', { id: 'x' }), {
      'mcp-name': 'get_application',
    })
    expect(response.status).toBe(400)
    expect(done).toEqual([])
  })

  it('MC-14 an encoded name is decoded', async () => {
    const { response, done } = header('mcp-name', `=?base64?${btoa('get_application')}?=`)
    expect((await response).status).toBe(200)
    expect(done).toEqual(['get x'])
  })

  it.each([
    '=?base64?***?=',
    `=?base64?${btoa('get_application')}=?=`,
    '=?base64?/////w==?=',
    `=?BASE64?${btoa('get_application')}?=`,
    `=?base64?${btoa('get_application')}`,
    `=?base64?${btoa('whoami')}?=`,
    '=?base64??=',
    '=?base64?Z2V0X2Fw cGxpY2F0aW9u?=',
  ])('MC-14 the name %s is 400', async (value) => {
    const { response, done } = header('mcp-name', value)
    expect((await response).status).toBe(400)
    expect(await rpc(response.then((sent) => sent.clone()))).toMatchObject({ error: { code: -32020 } })
    expect(done).toEqual([])
  })

  it('what is missing in the envelope, or names another revision, is 400', async () => {
    const { handler, done } = testApp(v2)
    const standard = {
      'mcp-method': 'tools/call',
      'mcp-name': 'get_application',
      'mcp-protocol-version': modernVersion,
    }
    const message = call('get_application', { id: 'x' })
    const bare = await post(handler, reader, message, standard)
    expect(bare.status).toBe(400)
    expect(await rpc(bare)).toMatchObject({ error: { code: -32602 } })
    const partial = {
      ...message,
      params: {
        ...(message.params as object),
        _meta: { 'io.modelcontextprotocol/protocolVersion': modernVersion },
      },
    }
    expect((await post(handler, reader, partial, standard)).status).toBe(400)
    for (const version of ['2027-01-01', '2025-11-25']) {
      const response = await post(handler, reader, withEnvelope(message, version), {
        ...standard,
        'mcp-protocol-version': version,
      })
      expect(response.status).toBe(400)
      expect(await rpc(response)).toMatchObject({ error: { code: -32022 } })
    }
    expect((await post(handler, reader, withEnvelope(message, 7), standard)).status).toBe(400)
    expect(done).toEqual([])
  })

  it('a batch with an envelope in it is 400', async () => {
    const { handler, done } = testApp(v2)
    expect((await post(handler, reader, [withEnvelope(call('get_application', { id: 'x' }))])).status).toBe(
      400,
    )
    expect(done).toEqual([])
  })

  it('an unknown method is 404, initialize included', async () => {
    const { handler } = testApp(v2)
    for (const method of ['tools/destroy', 'initialize', 'ping'])
      expect((await postModern(handler, reader, request(method))).status).toBe(404)
  })
})

it('an error that a handler throws on purpose is sent, with the status that it has in the newest revision', async () => {
  const app = testApp(v2)
  app.registry
    .register('needs', { description: 'x', public: true }, () => {
      throw new JsonRpcError(-32021, 'The client lacks a capability', {
        requiredCapabilities: { sampling: {} },
      })
    })
    .registerPrompt('asks', { public: true }, () => ({ resultType: 'input_required' }))
  const refused = await postModern(app.handler, reader, call('needs'))
  expect(refused.status).toBe(400)
  expect(await rpc(refused)).toMatchObject({ id: 1, error: { code: -32021, data: {} } })
  const legacy = await post(app.handler, reader, call('needs'))
  expect(legacy.status).toBe(200)
  expect(await rpc(legacy)).toMatchObject({ error: { code: -32021 } })
  expect(app.events.at(-1)).toMatchObject({ type: 'tool.failed', reason: 'refused' })

  // A prompt may ask for more input as well, where the client understands it.
  const prompt = request('prompts/get', { name: 'asks' })
  expect(await rpc(postModern(app.handler, reader, prompt))).toMatchObject({
    result: { resultType: 'input_required' },
  })
  expect(await rpc(post(app.handler, reader, prompt))).toMatchObject({ error: { code: -32602 } })
})
