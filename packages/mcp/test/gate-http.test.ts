// MCP 2025-11-25 Transports: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
import { describe, expect, it } from 'vitest'
import { mint, resource, testResourceServer } from './support/issuer.ts'
import { testRegistry } from './support/registry.ts'
import { call, jsonHeaders, lines, post, request, rpc, send, testApp } from './support/app.ts'

const challengeOf = (response: Response) => response.headers.get('www-authenticate') ?? ''
const metadataUrl = 'http://127.0.0.1:4000/.well-known/oauth-protected-resource/mcp'
const reader = await mint('read:application')

describe.each(lines)('$line', (line) => {
  describe('authentication', () => {
    it('MC-01 no token is answered 401 with the metadata and the first scopes, and no error', async () => {
      const response = await post(testApp(line).handler, undefined, request('tools/list'))
      expect(response.status).toBe(401)
      expect(challengeOf(response)).toBe(
        `Bearer resource_metadata="${metadataUrl}", scope="read:application"`,
      )
    })

    it.each(['initialize', 'server/discover', 'ping', 'tools/list', 'notifications/initialized'])(
      'MC-46 %s needs a token like everything else',
      async (method) => {
        expect((await post(testApp(line).handler, undefined, request(method))).status).toBe(401)
      },
    )

    it('MC-04 MC-05 a token in the query or the body is no token', async () => {
      const { handler } = testApp(line)
      const init = { method: 'POST', headers: jsonHeaders, body: JSON.stringify(request('tools/list')) }
      expect((await send(handler, init, `${resource}?access_token=${reader}`)).status).toBe(401)
      const form = new URLSearchParams({ access_token: reader })
      expect((await send(handler, { method: 'POST', body: form })).status).toBe(401)
    })

    it('MC-06 the scheme is read in any case, and two headers are one too many', async () => {
      const { handler } = testApp(line)
      const withHeader = (authorization: string) =>
        post(handler, undefined, request('ping'), { authorization })
      expect((await withHeader(`bearer ${reader}`)).status).toBe(200)
      expect((await withHeader(`Bearer ${reader}, Bearer ${reader}`)).status).toBe(400)
      expect((await withHeader('Basic dXNlcjpwYXNz')).status).toBe(401)
    })

    it('comes before the method: an unauthenticated GET or DELETE is 401, then 405', async () => {
      const { handler } = testApp(line)
      for (const method of ['GET', 'DELETE', 'PUT']) {
        expect((await send(handler, { method })).status).toBe(401)
        const response = await send(handler, { method, headers: { authorization: `Bearer ${reader}` } })
        expect(response.status).toBe(405)
        expect(response.headers.get('allow')).toBe('POST')
      }
    })

    it('RS-08 MC-51 an expired, revoked or foreign token is 401 invalid_token, also for lists', async () => {
      const { handler, revoked } = testApp(line)
      const other = await mint('read:application', { aud: 'http://127.0.0.1:4000/mcp2' })
      const old = await mint('read:application', { exp: Math.floor(Date.now() / 1000) - 1 })
      const revocable = await mint('read:application', { jti: 'gone' })
      expect((await post(handler, revocable, request('tools/list'))).status).toBe(200)
      revoked.add('gone')
      for (const token of [other, old, revocable, 'garbage']) {
        const response = await post(handler, token, request('tools/list'))
        expect(response.status).toBe(401)
        expect(challengeOf(response)).toContain('error="invalid_token"')
      }
    })
  })

  describe('paths', () => {
    it('the metadata of the resource is served along', async () => {
      const { handler } = testApp(line)
      expect(await (await send(handler, {}, metadataUrl)).json()).toMatchObject({ resource })
      expect(handler.origin).toBe('http://127.0.0.1:4000')
    })

    it('other paths fall through', async () => {
      const { handler } = testApp(line)
      for (const path of [
        '/',
        '/mcp/',
        '/mcp2',
        '/MCP',
        '/mcp/x',
        '/.well-known/oauth-protected-resource/other',
      ])
        expect(await handler.handle(new Request(`http://127.0.0.1:4000${path}`))).toBeUndefined()
    })
  })

  describe('origins', () => {
    it.each([
      'https://evil.example',
      'null',
      'http://localhost.evil',
      'http://localhost@evil.example',
      'http://127.0.0.1.evil.example',
      'file://',
      'localhost:4000',
      '',
      'chrome-extension://abc',
      // Apps that show pages of their own call them so; they are no page of this machine.
      'capacitor://localhost',
      'http://localhost/',
      'http://user@localhost',
      'HTTP://LOCALHOST',
    ])('MC-30 a page of %j is refused before authentication', async (origin) => {
      const { handler } = testApp(line)
      for (const token of [undefined, reader]) {
        const response = await post(handler, token, request('tools/list'), { origin })
        expect(response.status).toBe(403)
        expect(response.headers.get('access-control-allow-origin')).toBeNull()
        expect(challengeOf(response)).toBe('')
      }
    })

    it.each([
      'http://localhost:5173',
      'http://127.0.0.1',
      'https://localhost',
      'http://[::1]:8080',
      'https://app.example',
    ])('C23 a page of %s may call and read the challenge', async (origin) => {
      const { handler } = testApp(line, { allowedOrigins: ['https://app.example'] })
      expect((await post(handler, reader, request('tools/list'), { origin })).status).toBe(200)
      const response = await post(handler, undefined, request('tools/list'), { origin })
      expect(response.status).toBe(401)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(response.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')
      expect(response.headers.get('access-control-allow-credentials')).toBeNull()
      expect(response.headers.get('vary')).toContain('Origin')
    })

    it('C23 a preflight is answered without a token, with the headers that clients send', async () => {
      const { handler } = testApp(line)
      const preflight = (origin: string) =>
        send(handler, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        })
      const response = await preflight('http://localhost:5173')
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
      for (const name of [
        'Authorization',
        'Content-Type',
        'MCP-Protocol-Version',
        'Mcp-Session-Id',
        'Last-Event-ID',
        'DPoP',
      ])
        expect(response.headers.get('access-control-allow-headers')).toContain(name)
      expect((await preflight('https://evil.example')).status).toBe(403)
      expect((await send(handler, { method: 'OPTIONS' })).status).toBe(401)
    })

    it('refuses to be made for what is no origin', () => {
      for (const origin of ['https://app.example/', 'app.example', '*', 'https://*.example'])
        expect(() => testApp(line, { allowedOrigins: [origin] })).toThrow(TypeError)
    })

    it.each(['evil.example:4000', 'evil.example', '127.0.0.1.evil.example', 'localhost.evil:4000', '@', ''])(
      'MC-31 on loopback, the host %j is refused',
      async (host) => {
        expect((await post(testApp(line).handler, reader, request('tools/list'), { host })).status).toBe(403)
      },
    )

    it.each(['127.0.0.1:4000', 'localhost:9', '[::1]:4000', 'LOCALHOST'])(
      'MC-31 the host %s is not',
      async (host) => {
        expect((await post(testApp(line).handler, reader, request('tools/list'), { host })).status).toBe(200)
      },
    )

    it('off loopback, the host is the business of whoever terminates TLS', async () => {
      const url = 'https://mcp.example.com/mcp'
      const { handler } = testApp(line, { resource: url })
      const token = await mint('read:application', { aud: url })
      const response = await send(
        handler,
        {
          method: 'POST',
          headers: { ...jsonHeaders, authorization: `Bearer ${token}`, host: 'internal:8080' },
          body: JSON.stringify(request('tools/list')),
        },
        url,
      )
      expect(response.status).toBe(200)
    })
  })

  describe('bodies', () => {
    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'text/plain; application/json',
      '',
    ])('MC-41 of the type %j are 415', async (type) => {
      const { handler, done } = testApp(line)
      for (const message of [request('ping'), request('tools/list'), call('get_application', { id: 'x' })])
        expect((await post(handler, reader, message, { 'content-type': type })).status).toBe(415)
      expect(done).toEqual([])
    })

    it('MC-41 of JSON with a charset are read', async () => {
      const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
      expect((await post(testApp(line).handler, reader, request('ping'), headers)).status).toBe(200)
    })

    it('MC-41 over the limit are 413, whether or not they say their size', async () => {
      const { handler } = testApp(line, { maximumRequestSize: 1000 })
      const large = JSON.stringify(request('ping', { x: 'x'.repeat(1000) }))
      expect((await post(handler, reader, large)).status).toBe(413)
      expect((await post(handler, reader, large, { 'content-length': '10' })).status).toBe(413)
      expect((await post(handler, reader, request('ping'), { 'content-length': '5000000' })).status).toBe(413)
    })

    it('MC-41 of 4 MiB and a byte are 413 by default', async () => {
      const body = `"${'x'.repeat(4 * 1024 * 1024 - 1)}"`
      expect((await post(testApp(line).handler, reader, body)).status).toBe(413)
    })

    it.each(['', '{', 'undefined', '{"a":1}x', '\u0000'])(
      'MC-41 of the text %j are a parse error',
      async (body) => {
        const response = await post(testApp(line).handler, reader, body)
        expect(response.status).toBe(400)
        expect(await rpc(response)).toMatchObject({ id: null, error: { code: -32700 } })
      },
    )

    it('MC-41 that are nested 10,000 deep are 400, and text that looks like it is not', async () => {
      const { handler } = testApp(line)
      const deep = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`
      expect((await post(handler, reader, deep)).status).toBe(400)
      const text = request('ping', { x: `\\"${'[{'.repeat(10_000)}` })
      expect((await post(handler, reader, text)).status).toBe(200)
    })

    it.each(['application/json', 'text/event-stream', 'text/html', ''])(
      'MC-42 accepting only %j are 406',
      async (accept) => {
        const { handler, done } = testApp(line)
        for (const message of [request('ping'), request('tools/list'), call('get_application', { id: 'x' })])
          expect((await post(handler, reader, message, { accept })).status).toBe(406)
        expect(done).toEqual([])
      },
    )

    it.each([
      7,
      'text',
      null,
      {},
      { jsonrpc: '1.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', id: 1 },
      { jsonrpc: '2.0', id: 1, method: 7 },
      { jsonrpc: '2.0', id: 1, method: 'ping', params: [] },
      { jsonrpc: '2.0', id: 1, method: 'ping', params: 'x' },
      { jsonrpc: '2.0', id: null, method: 'ping' },
      { jsonrpc: '2.0', id: 1.5, method: 'ping' },
      { jsonrpc: '2.0', id: 2 ** 60, method: 'ping' },
      { jsonrpc: '2.0', id: {}, method: 'ping' },
      { jsonrpc: '2.0', id: [1], method: 'ping' },
      { jsonrpc: '2.0', id: true, method: 'ping' },
    ])('MC-19 %j is an invalid request', async (body) => {
      const response = await post(testApp(line).handler, reader, JSON.stringify(body))
      expect(response.status).toBe(400)
      expect(await rpc(response)).toMatchObject({ error: { code: -32600 } })
    })

    it.each(['', 'a"b', '\u2028', 0, -1, Number.MAX_SAFE_INTEGER])(
      'MC-19 the id %j is echoed exactly',
      async (id) => {
        const { handler } = testApp(line)
        expect(await rpc(post(handler, reader, call('whoami', {}, id)))).toMatchObject({ id })
        expect(await rpc(post(handler, reader, request('ping', {}, id)))).toMatchObject({ id })
        expect(await rpc(post(handler, reader, request('tools/list', {}, id)))).toMatchObject({ id })
        expect(await rpc(post(handler, reader, call('update_application', {}, id)))).toMatchObject({ id })
      },
    )
  })

  it('what goes wrong inside is 500 without a reason, and an event with it', async () => {
    const { registry, events } = testRegistry()
    const broken = {
      ...testResourceServer(),
      authenticate: () => Promise.reject(new Error('secret /srv/app')),
    }
    const handler = line.create({ registry, resourceServer: broken, name: 'x', version: '1' })
    const response = await post(handler, reader, request('ping'))
    expect(response.status).toBe(500)
    expect(await rpc(response)).toMatchObject({ error: { code: -32603, message: 'Internal error' } })
    expect(events).toMatchObject([
      { type: 'request.failed', ip: '192.0.2.1', cause: expect.any(Error) as Error },
    ])
  })

  it('a limit that is none is refused', () => {
    for (const maximumRequestSize of [0, -1, 0.5, Number.NaN])
      expect(() => testApp(line, { maximumRequestSize })).toThrow(TypeError)
  })
})
