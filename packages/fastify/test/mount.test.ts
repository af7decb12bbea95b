import { createSecureServer } from 'node:http2'
import type { RequestHandler } from '@gatewright/core'
import { appAnswer, describeAdapter, selfSigned } from '@gatewright/testkit/adapter'
import type { AdapterOptions } from '@gatewright/testkit/adapter'
import { fastify } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { mount } from '../src/index.ts'

/** Lets an app listen that answers every path that the handler leaves, with its body unparsed. */
async function start(app: FastifyInstance, handler: RequestHandler, options: AdapterOptions) {
  app.register(mount(handler, options))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.all('*', (request, reply) => {
    reply.hijack()
    return appAnswer(request.raw, reply.raw)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close() }
}

describeAdapter(
  'Fastify',
  (handler, options) => start(fastify({ forceCloseConnections: true }), handler, options),
  {
    app: true,
    ...('Deno' in globalThis && {
      noWholeTargets: 'the router of Fastify calls URL.parse unbound for a whole URL, which Deno refuses',
    }),
  },
)

const { key, cert } = selfSigned('localhost')
describeAdapter(
  'Fastify on HTTP/2',
  (handler, options) =>
    start(
      fastify({
        http2: true,
        https: { key, cert },
        serverFactory: (listener) => createSecureServer({ key, cert }, listener),
      }) as unknown as FastifyInstance,
      handler,
      options,
    ),
  { app: true, http2: true },
)

describe('a mount on Fastify', () => {
  const origin = 'https://gateway.example'
  const hello: RequestHandler = {
    origin,
    handle: async (request) =>
      new URL(request.url).pathname === '/hello' ? new Response(await request.text()) : undefined,
  }

  it('answers before a route of the same path, parsers and all', async () => {
    const app = fastify()
    app.register(mount(hello))
    app.post('/hello', () => 'route')
    const answer = await app.inject({ method: 'POST', url: '/hello', payload: { a: 1 } })
    expect([answer.statusCode, answer.body]).toEqual([200, '{"a":1}'])
  })

  it('answers where there is no route at all', async () => {
    const app = fastify()
    app.register(mount(hello))
    expect((await app.inject({ url: '/hello' })).statusCode).toBe(200)
    expect((await app.inject({ url: '/other' })).statusCode).toBe(404)
  })

  it('leaves bodies of other paths to the parsers', async () => {
    const app = fastify()
    app.register(mount(hello))
    app.post('/other', ({ body }) => body)
    const answer = await app.inject({ method: 'POST', url: '/other', payload: { a: 1 } })
    expect(answer.json()).toEqual({ a: 1 })
  })

  it('leaves room for hooks: one before it may refuse, one after the response sees it', async () => {
    const app = fastify()
    const seen: string[] = []
    app.addHook('onRequest', (request, reply, done) => {
      if (request.headers['x-blocked'] === undefined) done()
      else void reply.code(403).send('blocked')
    })
    app.addHook('onResponse', async (request, reply) => void seen.push(`${request.url} ${reply.statusCode}`))
    app.register(mount(hello))
    const blocked = await app.inject({ url: '/hello', headers: { 'x-blocked': '1' } })
    expect([blocked.statusCode, blocked.body]).toEqual([403, 'blocked'])
    expect((await app.inject({ url: '/hello' })).statusCode).toBe(200)
    expect(seen).toEqual(['/hello 403', '/hello 200'])
  })

  it('refuses an origin that is none', () => {
    expect(() => mount({ ...hello, origin: 'gateway.example' })).toThrow(TypeError)
  })
})
