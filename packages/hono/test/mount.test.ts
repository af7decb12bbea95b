import { createServer } from 'node:http'
import type { RequestHandler } from '@gatewright/core'
import { clientAddress } from '@gatewright/node'
import { describeAdapter, listen } from '@gatewright/testkit/adapter'
import type { AdapterOptions } from '@gatewright/testkit/adapter'
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { describe, expect, it, vi } from 'vitest'
import { mount } from '../src/index.ts'

/** Serves an app that answers every path that the handler leaves. */
function start(
  handler: RequestHandler,
  { trustedProxies = [], onError }: AdapterOptions,
  { at = '*', before }: { at?: string; before?: MiddlewareHandler } = {},
) {
  const addressOf = clientAddress(trustedProxies)
  const app = new Hono()
  if (before !== undefined) app.use(before)
  app.use(
    at,
    mount(handler, {
      context(c) {
        const ip = addressOf(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'))
        return ip === undefined ? {} : { ip }
      },
      ...(onError === undefined ? {} : { onError }),
    }),
  )
  app.all('*', async (c) => c.text(`app ${c.req.method} ${(await c.req.text()) || c.req.path}`))
  return listen(createServer((incoming, outgoing) => void getRequestListener(app.fetch)(incoming, outgoing)))
}

const middleware = true
describeAdapter('Hono on Node', start, { app: true, middleware })
describeAdapter(
  'Hono on Node under a prefix',
  (handler, options) => start(handler, options, { at: '/auth/*' }),
  { app: true, middleware, prefix: '/auth' },
)

describe('a mount on Hono', () => {
  const origin = 'https://gateway.example'
  const echo: RequestHandler = {
    origin,
    handle: async (request) =>
      new URL(request.url).pathname === '/echo'
        ? new Response(await request.text(), { headers: { 'x-url': request.url } })
        : undefined,
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const json = { 'content-type': 'application/json' }

  it.each(['https://gateway.example', 'http://gateway.example', 'http://10.0.0.7:3000'])(
    'needs no server of Node: a request to %s',
    async (host) => {
      const app = new Hono().use(mount(echo))
      const answer = await app.request(`${host}/echo?a=1`, { method: 'POST', body: 'a=1', headers: form })
      expect([await answer.text(), answer.headers.get('x-url')]).toEqual(['a=1', `${origin}/echo?a=1`])
    },
  )

  it.each([
    ['c.req.parseBody()', form, 'a=1&b=%C3%A9&a=2'],
    ['c.req.text()', form, 'a=1&a=2'],
    ['c.req.json()', json, '{"a":[1,"é"]}'],
  ])('HT-04 gets the body after %s read it', async (how, headers, body) => {
    const app = new Hono()
    app.use(async (c, next) => {
      if (how === 'c.req.parseBody()') await c.req.parseBody({ all: true })
      else await c.req[how === 'c.req.text()' ? 'text' : 'json']()
      return next()
    })
    app.use(mount(echo))
    const answer = await app.request('http://10.0.0.7/echo', { method: 'POST', headers, body })
    expect(await answer.text()).toBe(body)
  })

  it('answers 500 and reports it when the body was taken past the context', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const app = new Hono()
    app.use(async (c, next) => {
      await c.req.raw.text()
      return next()
    })
    app.use(mount(echo, { onError }))
    const answer = await app.request('/echo', { method: 'POST', headers: form, body: 'a=1' })
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'server_error' }])
    expect(onError).toHaveBeenCalledOnce()
  })

  it('PO-10 knows no address unless it is told one', async () => {
    const handle = vi.fn<RequestHandler['handle']>(async () => new Response('ok'))
    const app = new Hono().use(mount({ origin, handle }))
    await app.request('/x', { headers: { 'x-forwarded-for': '10.1.2.3', 'cf-connecting-ip': '10.1.2.3' } })
    expect(handle.mock.calls[0]?.[1]).toEqual({})
  })

  it('handles requests in step that come in one turn of the event loop', async () => {
    let underWay = 0
    const seen: number[] = []
    const handle = async () => {
      seen.push(++underWay)
      await Promise.resolve()
      underWay--
      return new Response('ok')
    }
    const app = new Hono().use(mount({ origin, handle }))
    const one = app.request('/x')
    for (let step = 0; step < 100; step++) await Promise.resolve()
    await Promise.all([one, app.request('/x')])
    expect(seen).toEqual([1, 2])
  })

  it('asks for the context of a request before it waits for others', async () => {
    const asked: string[] = []
    const context = () => {
      asked.push('context')
      return {}
    }
    const answer = new Hono().use(mount(echo, { context })).request('/echo', { method: 'POST', body: 'a=1' })
    expect(asked).toEqual(['context'])
    await answer
  })

  it('refuses an origin that is none', () => {
    expect(() => mount({ ...echo, origin: 'https://gateway.example/x' })).toThrow(TypeError)
  })
})
