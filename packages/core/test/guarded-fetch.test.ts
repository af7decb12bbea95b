// RFC 6890 §2.2: https://www.rfc-editor.org/rfc/rfc6890.html#section-2.2
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { guardedFetch } from '@gatewright/core'
import { documentServer } from './support/document-server.ts'
import type { DocumentServer } from './support/document-server.ts'

const open: DocumentServer[] = []
const serve = async (...parameters: Parameters<typeof documentServer>) => {
  const server = await documentServer(...parameters)
  open.push(server)
  return server
}
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

describe('where a guarded fetch goes', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    'x.localhost',
    '[::1]',
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '127.1',
    '１２７.0.0.1',
    'localhost.',
    'metadata.google.internal',
    'printer.local',
    'intranet',
  ])('CM-10 %s is refused before anything is connected', async (host) => {
    const canary = await serve((_request, response) => response.end('secret'))
    const canary6 = await serve((_request, response) => response.end('secret'), '::1')
    for (const { port } of [canary, canary6])
      await expect(guardedFetch()(`https://${host}:${port}/`)).rejects.toThrow(
        host.includes('localhost') ? 'name' : /public|ENOTFOUND|EAI_AGAIN/,
      )
    expect(canary.connections() + canary6.connections()).toBe(0)
  })

  test.each([
    'http://example.com/',
    'ftp://example.com/',
    'data:application/json,{}',
    'file:///etc/passwd',
    'https://user:pw@example.com/',
  ])('%s is refused by its form', async (url) => {
    const sent: unknown[] = []
    const fetcher = guardedFetch({ fetch: async (input) => (sent.push(input), new Response('{}')) })
    await expect(fetcher(url)).rejects.toThrow()
    expect(sent).toEqual([])
  })

  test('the content type that a body brings along is kept', async () => {
    const fetcher = guardedFetch({ fetch: async () => new Response(new Blob(['x'], { type: 'text/x' })) })
    expect((await fetcher('https://a.example/')).headers.get('content-type')).toBe('text/x')
  })

  test('CM-12 loopback is reached when development allows it, and other private addresses still are not', async () => {
    const { url } = await serve((_request, response) => response.end('here'))
    const fetcher = guardedFetch({ reach: 'loopback' })
    expect(await (await fetcher(url)).text()).toBe('here')
    expect(await (await fetcher(url.replace('127.0.0.1', 'localhost'))).text()).toBe('here')
    for (const host of ['10.0.0.1', '169.254.169.254', '[fd00::1]', '[64:ff9b::7f00:1]'])
      await expect(fetcher(`https://${host}/`)).rejects.toThrow('no public address')
    await expect(fetcher('http://example.com/')).rejects.toThrow('only https')
  })

  test('a URL that the operator wrote may be anywhere', async () => {
    const { url } = await serve((_request, response) => response.end('inside'))
    expect(await (await guardedFetch({ reach: 'any' })(url)).text()).toBe('inside')
  })

  test.each([301, 302, 303, 307, 308])('a redirect (%d) is not followed', async (status) => {
    const target = await serve((_request, response) => response.end('secret'))
    const { url } = await serve((_request, response) =>
      response.writeHead(status, { location: target.url }).end(),
    )
    for (const reach of ['loopback', 'any'] as const) {
      await expect(guardedFetch({ reach })(url)).rejects.toThrow('redirect')
      const shown = await guardedFetch({ reach })(url, { redirect: 'manual' })
      expect([shown.status, shown.headers.get('location')]).toEqual([status, target.url])
    }
    expect(target.connections()).toBe(0)
  })
})

describe('what a guarded fetch takes', () => {
  const reach = 'loopback'

  test.each(['declared', 'chunked'])(
    'a body of exactly the limit, and not one byte more (%s)',
    async (form) => {
      const { url } = await serve((request, response) => {
        const body = 'x'.repeat(Number(request.url?.slice(1)))
        if (form === 'declared') response.setHeader('content-length', body.length)
        response.write(body.slice(0, 100))
        response.end(body.slice(100))
      })
      const fetcher = guardedFetch({ reach, maximumBytes: 5120 })
      expect((await (await fetcher(`${url}5120`)).text()).length).toBe(5120)
      await expect(fetcher(`${url}5121`)).rejects.toThrow('more than 5120 bytes')
    },
  )

  test('an endless body ends the connection', async () => {
    let written = 0
    let closed = false
    const { url } = await serve((_request, response) => {
      const pump = () => {
        while (!response.destroyed && response.write('x'.repeat(1024))) written += 1024
      }
      response.on('drain', pump)
      response.on('close', () => (closed = true))
      pump()
    })
    await expect(guardedFetch({ reach, maximumBytes: 5120 })(url)).rejects.toThrow('more than')
    await expect.poll(() => closed).toBe(true)
    // What the kernel buffered by then; a reader that went on would have taken gigabytes.
    expect(written).toBeLessThan(16_000_000)
  })

  test('CM-08 counts what a compressed body becomes', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000))
    expect(bomb.byteLength).toBeLessThan(5120)
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(request.url === '/bomb' ? bomb : gzipSync('{"fine":true}'))
    })
    for (const within of [reach, 'any'] as const) {
      const fetcher = guardedFetch({ reach: within, maximumBytes: 5120 })
      await expect(fetcher(`${url}bomb`)).rejects.toThrow('more than 5120 bytes')
      expect(await (await fetcher(url)).json()).toEqual({ fine: true })
    }
  })

  test.each(['br', 'deflate', 'gzip, gzip'])(
    'a coding that was not asked for (%s) is refused',
    async (coding) => {
      const { url } = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': coding }).end('?'),
      )
      await expect(guardedFetch({ reach })(url)).rejects.toThrow('content coding')
    },
  )

  test.each(['nothing', 'headers', 'trickle'])('gives up after its time when %s arrive(s)', async (what) => {
    const timers: NodeJS.Timeout[] = []
    const { url } = await serve((_request, response) => {
      if (what === 'nothing') return
      response.writeHead(200)
      response.flushHeaders()
      if (what === 'trickle') timers.push(setInterval(() => response.write('x'), 20))
    })
    const started = performance.now()
    await expect(guardedFetch({ reach, timeout: 0.3 })(url)).rejects.toThrow(
      'did not answer within 0.3 seconds',
    )
    expect(performance.now() - started).toBeLessThan(3000)
    for (const timer of timers) clearInterval(timer)
  })

  test('bounds a fetch that ignores its signal', async () => {
    const fetcher = guardedFetch({ fetch: () => new Promise(() => {}), timeout: 0.1 })
    await expect(fetcher('https://example.com/')).rejects.toThrow('did not answer')
  })

  test('its time ends with the answer', async () => {
    let signal: AbortSignal | null | undefined
    const answer: typeof fetch = async (_input, init) => ((signal = init?.signal), new Response(null))
    await guardedFetch({ fetch: answer, timeout: 0.05 })('https://example.com/')
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(signal?.aborted).toBe(false)
  })

  test("the caller's own signal ends it", async () => {
    const { url } = await serve(() => {})
    const abort = new AbortController()
    const waiting = guardedFetch({ reach })(url, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('aborted')
  })
})

describe('what a guarded fetch sends', () => {
  test.each(['loopback', 'any'] as const)(
    'the method, headers and body that it was given (%s)',
    async (reach) => {
      let body = ''
      const { url, requests } = await serve((request, response) => {
        request.on('data', (chunk: Buffer) => (body += chunk.toString()))
        request.on('end', () => response.writeHead(201, { 'x-answer': 'yes' }).end('{"ok":true}'))
      })
      const response = await guardedFetch({ reach })(url, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ logout_token: 'a b' }),
      })
      expect([response.status, response.headers.get('x-answer'), await response.json()]).toEqual([
        201,
        'yes',
        { ok: true },
      ])
      expect([requests[0]?.method, body]).toEqual(['POST', 'logout_token=a+b'])
      expect(requests[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded')
    },
  )

  test('no cookie, credential or referrer', async () => {
    const { url, requests } = await serve((_request, response) => response.writeHead(204).end())
    expect(
      (await guardedFetch({ reach: 'loopback' })(url, { headers: { accept: 'application/json' } })).status,
    ).toBe(204)
    expect(Object.keys(requests[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'connection',
      'host',
      'user-agent',
    ])
  })
})

test.each([
  { timeout: 0 },
  { timeout: Number.NaN },
  { maximumBytes: -1 },
  { maximumBytes: Infinity },
  { reach: 'everywhere' as 'any' },
])('refuses the options %o', (options) => expect(() => guardedFetch(options)).toThrow('guardedFetch'))
