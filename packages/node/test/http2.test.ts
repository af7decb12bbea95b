import { once } from 'node:events'
import { connect, createSecureServer } from 'node:http2'
import type { RequestContext } from '@gatewright/core'
import { listen, selfSigned } from '@gatewright/testkit/adapter'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toNodeListener } from '../src/index.ts'
import { rawHttp2 } from './support/raw-http2.ts'

const origin = 'https://gateway.example'
const handler = {
  origin,
  handle: async (request: Request, context?: RequestContext) =>
    Response.json({ url: request.url, authorization: request.headers.get('authorization'), ip: context?.ip }),
}
let server: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  server = await listen(createSecureServer(selfSigned('localhost'), toNodeListener(handler)), 'https')
})
afterAll(() => server.close())

const head = (path: string, scheme = 'https') =>
  [
    [':method', 'GET'],
    [':scheme', scheme],
    [':authority', 'evil.example'],
    [':path', path],
  ] as const

test('a plain request is answered under the handler’s origin', async () => {
  const { data } = await rawHttp2(server.url, head('/echo?x'))
  expect(JSON.parse(data)).toEqual({ url: `${origin}/echo?x`, authorization: null, ip: '127.0.0.1' })
})

test.each(['https', 'http', 'foo'])(
  'no :path reaches out of the origin, with the scheme %s',
  async (scheme) => {
    for (const path of [
      '@evil.example/echo',
      '.evil.example/echo',
      ':8080/echo',
      'https://evil.example/echo',
      '*',
      '',
    ]) {
      const { data } = await rawHttp2(server.url, head(path, scheme))
      if (data.startsWith('{'))
        expect((JSON.parse(data) as { url: string }).url.startsWith(`${origin}/`)).toBe(true)
      expect(data).not.toContain('evil.example')
    }
  },
)

test('a Host header beside or instead of :authority changes nothing', async () => {
  const host = [['host', 'other.example']] as const
  const withoutAuthority = head('/echo').filter(([name]) => name !== ':authority')
  for (const fields of [[...head('/echo'), ...host], [...withoutAuthority, ...host], withoutAuthority]) {
    const { data, reset } = await rawHttp2(server.url, fields)
    if (reset === undefined) expect(JSON.parse(data)).toMatchObject({ url: `${origin}/echo` })
  }
})

test('MC-05 shows both of two authorization headers, never one of them', async () => {
  const { data } = await rawHttp2(server.url, [
    ...head('/echo'),
    ['authorization', 'Bearer a'],
    ['authorization', 'Bearer b'],
  ])
  expect(JSON.parse(data)).toMatchObject({ authorization: 'Bearer a, Bearer b' })
})

test('an app behind sees the request as it was', async () => {
  const listener = toNodeListener({ origin, handle: async () => undefined })
  const app = await listen(
    createSecureServer(selfSigned('localhost'), (request, response) => {
      listener(request, response, () => {
        response.end(`${request.scheme} ${request.authority} ${request.url}`)
      })
    }),
    'https',
  )
  const { data } = await rawHttp2(app.url, head('/elsewhere', 'http'))
  await app.close()
  expect(data).toBe('http evil.example /elsewhere')
})

const keepsHalfOpen =
  'Deno' in globalThis && 'node:http2 of Deno does not close a stream whose request was not whole'

test('an upload that is read only in part is stopped once the answer is complete', async ({ skip }) => {
  if (keepsHalfOpen) skip(keepsHalfOpen)
  const handle = async ({ body }: Request) => {
    await body?.getReader().read()
    return new Response('enough')
  }
  const partial = await listen(
    createSecureServer(selfSigned('localhost'), toNodeListener({ origin, handle })),
    'https',
  )
  const session = connect(partial.url, { rejectUnauthorized: false })
  const stream = session.request({ ':method': 'POST', ':path': '/echo' })
  const chunk = Buffer.alloc(65_536)
  const push = () => {
    while (!stream.writableEnded && stream.write(chunk));
  }
  stream.on('drain', push)
  push()
  let data = ''
  stream.on('data', (text: Buffer) => (data += text.toString()))
  await once(stream, 'close')
  expect([stream.rstCode, data]).toEqual([0, 'enough'])
  session.destroy()
  await partial.close()
})

test('streams that end, reset or go on in any order do not bring the server down', async ({ skip }) => {
  if (keepsHalfOpen) skip(keepsHalfOpen)
  for (let round = 0; round < 40; round += 1) {
    const session = connect(server.url, { rejectUnauthorized: false })
    session.on('error', () => {})
    const closed = Array.from({ length: 8 }, (_, index) => {
      const stream = session.request(
        { ':method': index % 2 === 0 ? 'POST' : 'GET', ':path': '/echo' },
        { endStream: false },
      )
      stream.on('error', () => {})
      stream.resume()
      const act = [
        () => stream.end('x'),
        () => stream.close(8),
        () => stream.write('x'),
        () => stream.destroy(),
      ][(index + round) % 4]
      if (round % 3 === 0) act?.()
      else if (round % 3 === 1) setImmediate(() => act?.())
      else stream.once('response', () => act?.())
      return new Promise((resolve) => stream.once('close', resolve))
    })
    if (round % 5 === 4) session.destroy()
    await Promise.all(closed)
    session.destroy()
  }
  const { data } = await rawHttp2(server.url, head('/echo'))
  expect(JSON.parse(data)).toMatchObject({ url: `${origin}/echo` })
})
