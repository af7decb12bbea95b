import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { fileURLToPath } from 'node:url'
import { fixedToken, noCredential } from '@gatewright/token-exchange'
import { completable, createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { stdioServer } from '../src/stdio.ts'
import { alice, proxied, said, until } from './support/proxy.ts'

/** A server of the SDK's second line, which speaks one era or both. */
async function sdkServer(legacy: 'reject' | 'stateless') {
  const received: { authorization: string | null; method: string | null }[] = []
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: 'up', version: '1' })
      server.registerTool(
        'listAccounts',
        { description: 'Lists', inputSchema: z.object({ limit: z.number() }) },
        ({ limit }) => ({
          content: [{ type: 'text', text: `accounts ${limit}` }],
        }),
      )
      server.registerPrompt(
        'review',
        { argsSchema: z.object({ account: completable(z.string(), () => ['checking']) }) },
        ({ account }) => ({ messages: [{ role: 'user', content: { type: 'text', text: account } }] }),
      )
      server.registerResource('rates', 'ledger://rates', {}, ({ href }) => ({
        contents: [{ uri: href, text: 'rates' }],
      }))
      const template = new ResourceTemplate('ledger://{owner}/{account}', {
        list: undefined,
        complete: { account: () => ['savings'] },
      })
      server.registerResource('account', template, {}, ({ href }, { account }) => ({
        contents: [{ uri: href, text: String(account) }],
      }))
      return server
    },
    { legacy },
  )
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void (async () => {
        const headers = new Headers(request.headers as Record<string, string>)
        received.push({ authorization: headers.get('authorization'), method: headers.get('mcp-method') })
        const body = request.method === 'POST' ? Buffer.concat(chunks) : null
        const answer = await handler.fetch(
          new Request(`http://127.0.0.1${request.url}`, { method: request.method ?? 'GET', headers, body }),
        )
        response.writeHead(answer.status, Object.fromEntries(answer.headers))
        response.flushHeaders()
        if (answer.body === null) response.end()
        else Readable.fromWeb(answer.body as ReadableStream).pipe(response)
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/mcp`, received, notify: handler.notify }
}

const scopes = { listAccounts: ['ledger:read'] }

describe('an upstream of MCP 2026-07-28 alone', () => {
  it.each([true, false])(
    'is listed and called, without a handshake (a credential for each caller: %s)',
    async (perCaller) => {
      const { url, received } = await sdkServer('reject')
      const authorization = perCaller
        ? { perCaller: true, credential: () => ({ headers: { authorization: 'Bearer of-alice' } }) }
        : fixedToken('own')
      const { call, types } = await proxied(url, {
        scopes,
        authorization,
        listAuthorization: fixedToken('own'),
      })
      expect(types()).toContain('upstream.connected 2026-07-28')
      expect(said(await call('up_listAccounts', { limit: 3 }))).toBe('accounts 3')
      expect((await call('up_listAccounts', { limit: 'x' })).isError).toBe(true)
      const calls = received.filter(({ method }) => method === 'tools/call')
      expect(calls).toEqual([
        { method: 'tools/call', authorization: perCaller ? 'Bearer of-alice' : 'Bearer own' },
      ])
    },
  )
})

describe.each([['reject'], ['stateless']] as const)(
  'the prompts and resources of an upstream of MCP 2026-07-28 (%s)',
  (legacy) => {
    it('are listed, read and completed, and listed again when they change', async () => {
      const { url, received, notify } = await sdkServer(legacy)
      const { ask, registry, types } = await proxied(url, {
        scopes,
        prompts: () => ['ledger:read'],
        resources: () => ['ledger:read'],
      })
      const { prompts, resources, resourceTemplates } = registry.visibleTo(alice)
      expect([prompts, resources, resourceTemplates]).toMatchObject([
        [{ name: 'up_review', arguments: [{ name: 'account', required: true }] }],
        [{ uri: 'upstream:up_/ledger://rates' }],
        [{ uriTemplate: 'upstream:up_/ledger://{owner}/{account}' }],
      ])
      expect(
        await ask('prompts/get', { name: 'up_review', arguments: { account: 'checking' } }),
      ).toMatchObject({ messages: [{ role: 'user', content: { type: 'text', text: 'checking' } }] })
      for (const [uri, text] of [
        ['ledger://rates', 'rates'],
        ['ledger://alice/savings', 'savings'],
      ])
        expect(await ask('resources/read', { uri: `upstream:up_/${uri}` })).toEqual({
          contents: [{ uri: `upstream:up_/${uri}`, text }],
        })
      for (const [ref, values] of [
        [{ type: 'ref/prompt', name: 'up_review' }, ['checking']],
        [{ type: 'ref/resource', uri: 'upstream:up_/ledger://{owner}/{account}' }, ['savings']],
      ])
        expect(
          await ask('completion/complete', { ref, argument: { name: 'account', value: '' } }),
        ).toMatchObject({
          completion: { values },
        })
      expect(received.map(({ method }) => method)).not.toContain('initialize')

      const lists = () => received.filter(({ method }) => method === 'resources/list').length
      const before = lists()
      notify.resourcesChanged()
      await until(() => lists() > before)
      expect(types()).toContain('upstream.changed')
    })
  },
)

it('an upstream of both eras is called in the newer one', async () => {
  const { url } = await sdkServer('stateless')
  const { call, types } = await proxied(url, { scopes })
  expect(types()).toContain('upstream.connected 2026-07-28')
  expect(said(await call('up_listAccounts', { limit: 1 }))).toBe('accounts 1')
})

describe('an upstream over stdio', () => {
  const server = fileURLToPath(new URL('support/stdio-server.mjs', import.meta.url))
  const started = (env = {}) => stdioServer(process.execPath, { args: [server], env })

  it('is started, listed and called, and started again when it dies', async () => {
    const { available, call, names, types } = await proxied('http://127.0.0.1:9', {
      endpoint: started({ GREETING: 'hello' }),
      scopes: () => ['ledger:read'],
    })
    expect(available).toBe(true)
    expect(names()).toEqual(['up_environment', 'up_die'])
    process.env.GATEWAY_SECRET = 'not for upstreams'
    const { GREETING, GATEWAY_SECRET } = JSON.parse(said(await call('up_environment'))) as Record<
      string,
      string
    >
    delete process.env.GATEWAY_SECRET
    expect({ GREETING, GATEWAY_SECRET }).toEqual({ GREETING: 'hello', GATEWAY_SECRET: undefined })
    expect((await call('up_die')).isError).toBe(true)
    for (let ok = false; !ok;) ok = (await call('up_environment')).isError !== true
    expect(types().filter((type) => type.startsWith('upstream.connected'))).toHaveLength(2)
  })

  it('that cannot be started is out of reach', async () => {
    const { available } = await proxied('http://127.0.0.1:9', { endpoint: stdioServer('/no/such/program') })
    expect(available).toBe(false)
  })

  it('cannot have a credential for each caller', async () => {
    const authorization = { ...noCredential(), perCaller: true }
    await expect(proxied('http://127.0.0.1:9', { endpoint: started(), authorization })).rejects.toThrow(
      'stdio',
    )
  })
})
