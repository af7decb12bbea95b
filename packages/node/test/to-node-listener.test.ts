import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { Http2SecureServer } from 'node:http2'
import { createServer as createTlsServer, request as httpsRequest } from 'node:https'
import type { RequestOptions, Server, ServerOptions } from 'node:https'
import { connect } from 'node:net'
import type { RequestContext } from '@gatewright/core'
import { listen, selfSigned } from '@gatewright/testkit/adapter'
import { describe, expect, test, vi } from 'vitest'
import type { TestContext } from 'vitest'
import {
  presentedCertificate,
  toNodeListener,
  type NodeListener,
  type NodeListenerOptions,
} from '../src/index.ts'
import { withServer } from './support/with-server.ts'

const origin = 'https://gateway.example'
const echo = {
  origin,
  handle: async (request: Request, context?: RequestContext) =>
    Response.json({ url: request.url, body: await request.text(), context }),
}

test.each([
  'https://gateway.example/',
  'https://gateway.example/auth',
  'https://Gateway.example',
  'gateway.example',
  'ftp://a',
  'null',
  '',
])('the origin "%s" is refused at construction', (origin) => {
  expect(() => toNodeListener({ ...echo, origin })).toThrow(TypeError)
})

test('PO-05 a sloppy range is refused at construction', () => {
  expect(() => toNodeListener(echo, { trustedProxies: ['10.0.0.1/8'] })).toThrow(TypeError)
})

describe('options', () => {
  test('HT-20 requestTarget puts back what a proxy in front removed', () => {
    const requestTarget = ({ url }: { url?: string | undefined }) => `/auth${url}`
    return withServer(listen(createServer(toNodeListener(echo, { requestTarget }))), async (url) => {
      expect(await (await fetch(`${url}/token?x`)).json()).toMatchObject({ url: `${origin}/auth/token?x` })
    })
  })

  test('requestId ties the events of a request together', () => {
    const requestId = ({ headers }: { headers: IncomingMessage['headers'] }) =>
      String(headers['x-request-id'])
    return withServer(listen(createServer(toNodeListener(echo, { requestId }))), async (url) => {
      const answer = await fetch(url, { headers: { 'x-request-id': 'r1' } })
      expect(await answer.json()).toMatchObject({ context: { requestId: 'r1' } })
    })
  })

  test('clientCertificate may come from elsewhere', () => {
    const clientCertificate = () => 'PEM'
    return withServer(listen(createServer(toNodeListener(echo, { clientCertificate }))), async (url) => {
      expect(await (await fetch(url)).json()).toMatchObject({ context: { clientCertificate: 'PEM' } })
    })
  })

  test('an option that throws is a failure of the request', () => {
    const errors: unknown[] = []
    const options = {
      requestId: () => {
        throw new Error('no id')
      },
      onError: (error: unknown) => errors.push(error),
    }
    return withServer(listen(createServer(toNodeListener(echo, options))), async (url) => {
      expect((await fetch(url)).status).toBe(500)
      expect(errors).toEqual([new Error('no id')])
    })
  })
})

describe.for([
  ['node:https', createTlsServer],
  [
    'node:http2 that takes HTTP/1.1',
    (options, listener) => createSecureServer({ ...options, allowHTTP1: true }, listener),
  ],
] satisfies [string, (options: ServerOptions, listener: NodeListener) => Server | Http2SecureServer][])(
  'over the TLS of %s',
  ([kind, createTls]) => {
    const server = selfSigned('localhost')
    const trusted = selfSigned('trusted client')
    const stranger = selfSigned('trusted client')
    const start = (options: NodeListenerOptions = {}) =>
      listen(
        createTls(
          { ...server, ca: [trusted.cert], requestCert: true, rejectUnauthorized: false },
          toNodeListener(echo, options),
        ),
        'https',
      )
    const get = (url: string, options: RequestOptions) =>
      new Promise<unknown>((resolve, reject) => {
        httpsRequest(url, { ...options, rejectUnauthorized: false, agent: false }, (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => (text += chunk))
          answer.on('end', () => resolve(JSON.parse(text)))
        })
          .on('error', reject)
          .end()
      })

    const unlessUnknown = (skip: TestContext['skip']) =>
      skip(
        kind === 'node:https' && 'Bun' in globalThis,
        'Bun: sockets of node:https do not have the certificate',
      )

    test('the verified certificate of the client is in the context', ({ skip }) => {
      unlessUnknown(skip)
      return withServer(start(), async (url) => {
        const context = { clientCertificate: trusted.cert, certificateVerified: true }
        expect(await get(url, trusted)).toMatchObject({ context })
      })
    })

    test('a certificate that does not verify is there on demand, and is told from one that does', ({
      skip,
    }) => {
      unlessUnknown(skip)
      return withServer(start({ clientCertificate: presentedCertificate }), async (url) => {
        const own = { clientCertificate: stranger.cert, certificateVerified: false }
        expect(await get(url, stranger)).toMatchObject({ context: own })
        expect(await get(url, trusted)).toMatchObject({ context: { certificateVerified: true } })
        expect(await get(url, {})).toEqual({ url: `${origin}/`, body: '', context: { ip: '127.0.0.1' } })
      })
    })

    test('a certificate that a function gives counts as verified only when another one says so', async () => {
      const clientCertificate = () => trusted.cert
      const verifiedBy = async (options: NodeListenerOptions) =>
        withServer(start(options), async (url) =>
          expect(await get(url, trusted)).toMatchObject({
            context: { certificateVerified: options.certificateVerified !== undefined },
          }),
        )
      await verifiedBy({ clientCertificate })
      await verifiedBy({ clientCertificate, certificateVerified: () => true })
    })

    test('a certificate that does not verify is not, whatever subject it claims', () =>
      withServer(start(), async (url) => {
        expect(await get(url, stranger)).toEqual({
          url: `${origin}/`,
          body: '',
          context: { ip: '127.0.0.1' },
        })
        expect(await get(url, {})).toEqual({ url: `${origin}/`, body: '', context: { ip: '127.0.0.1' } })
      }))
  },
)

test('MC-50 a signal that is asked for only after the client went away is aborted', () => {
  let close = () => {}
  const closed = new Promise<void>((resolve) => (close = resolve))
  let tell = (_aborted: boolean) => {}
  const aborted = new Promise<boolean>((resolve) => (tell = resolve))
  const handle = async (request: Request) => {
    if (request.url.endsWith('/first')) return new Response('fine')
    await closed
    tell(request.signal.aborted)
    return new Response('late')
  }
  const listener = toNodeListener({ origin, handle })
  const server = createServer((request, response) => {
    listener(request, response)
    if (request.url === '/tool') response.on('close', () => close())
  })
  return withServer(listen(server), async (url) => {
    await fetch(`${url}/first`)
    const call = httpRequest(`${url}/tool`, { method: 'POST' }).on('error', () => {})
    server.once('request', () => call.destroy())
    call.end('{}')
    expect(await aborted).toBe(true)
  })
})

test('an answer that someone else gave meanwhile stays', () => {
  let cancelled = false
  const stream = new ReadableStream({ cancel: () => void (cancelled = true) })
  const listener = toNodeListener({ origin, handle: async () => new Response(stream) })
  const server = createServer((request, response) => {
    listener(request, response)
    response.end('timed out')
  })
  return withServer(listen(server), async (url) => {
    expect(await (await fetch(url)).text()).toBe('timed out')
    await vi.waitFor(() => expect(cancelled).toBe(true))
  })
})

test('a failure does not break off an answer that someone else is giving', () => {
  let fail = () => {}
  const failure = new Promise<void>((resolve) => (fail = resolve))
  const errors: unknown[] = []
  const handle = () => failure.then(() => Promise.reject(new Error('late')))
  const listener = toNodeListener({ origin, handle }, { onError: (error) => errors.push(error) })
  const server = createServer((request, response) => {
    listener(request, response)
    response.write('timed ')
    fail()
    setImmediate(() => response.end('out'))
  })
  return withServer(listen(server), async (url) => {
    expect(await (await fetch(url)).text()).toBe('timed out')
    expect(errors).toEqual([new Error('late')])
  })
})

test('a request that goes past the handler leaves nothing behind on its response', () => {
  const listener = toNodeListener({ origin, handle: async () => undefined })
  const counts: number[] = []
  const server = createServer((request, response) => {
    const count = () => counts.push(response.listenerCount('close'), request.listenerCount('data'))
    count()
    listener(request, response, () => {
      count()
      response.end()
    })
  })
  return withServer(listen(server), async (url) => {
    await fetch(url, { method: 'POST', body: 'x' })
    expect(counts.slice(2)).toEqual(counts.slice(0, 2))
  })
})

test('the connection goes on after an upload that was read in part', () => {
  const handler = {
    origin,
    handle: async ({ body }: Request) => {
      await body?.getReader().read()
      return new Response('enough', { status: 413 })
    },
  }
  return withServer(listen(createServer(toNodeListener(handler))), async (url) => {
    const closed = new Promise<number | undefined>((resolve, reject) => {
      const upload = httpRequest(url, { method: 'POST' }, (answer) => {
        answer.resume()
        answer.on('close', () => resolve(answer.statusCode))
      })
      upload.on('error', reject)
      upload.end(Buffer.alloc(1_000_000))
    })
    expect(await closed).toBe(413)
  })
})

test('an upload without an end that nobody reads is cut off after its answer', () => {
  const handler = { origin, handle: async () => new Response('no', { status: 413 }) }
  // What node:http does about silent connections by itself would hide it.
  const server = createServer({ keepAliveTimeout: 60_000 }, toNodeListener(handler))
  return withServer(listen(server), async (url) => {
    await fetch(url)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nthe rest of it never comes')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    await once(socket, 'close')
    expect(answer).toContain('413')
  })
})
