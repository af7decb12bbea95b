import dns from 'node:dns/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startBackend } from './support/backend.ts'
import { bridgeTo, documentOf } from './support/bridge.ts'

const backend = await startBackend()
const document = documentOf('/x', {})

describe('an API that', () => {
  it('BR-09 sends 100 MB is cut off at the limit', async () => {
    const { call } = bridgeTo(backend.origin, document)
    let written = 0
    backend.answer((_, response) => {
      response.setHeader('content-type', 'text/plain')
      const chunk = 'x'.repeat(256 * 1024)
      const more = () => {
        while (written < 100 * 1024 * 1024 && !response.destroyed) {
          written += chunk.length
          if (response.write(chunk)) continue
          response.once('drain', more)
          return
        }
        response.end()
      }
      more()
    })
    const result = await call()
    expect(result.isError).toBe(true)
    expect(written).toBeLessThan(20 * 1024 * 1024)
  })

  it('BR-09 may send 1 MiB, and not a byte more', async () => {
    const { call, said } = bridgeTo(backend.origin, document)
    for (const bytes of [1_048_576, 1_048_577]) {
      backend.answer((_, response) => {
        response.setHeader('content-type', 'text/plain')
        response.end('x'.repeat(bytes))
      })
      const result = await call()
      expect(result.isError === true).toBe(bytes > 1_048_576)
      if (result.isError !== true) expect(said(result)).toHaveLength(bytes)
    }
  })

  it('BR-09 hangs is left after the time', async () => {
    const { call, events } = bridgeTo(backend.origin, document, { timeout: 0.2 })
    for (const begin of [false, true]) {
      backend.answer((_, response) => void (begin && response.write('{')))
      const result = await call()
      expect(result.isError).toBe(true)
    }
    expect(events).toMatchObject([{ reason: 'unavailable' }, {}, { reason: 'unavailable' }, {}])
  })

  it('BR-09 sends a million headers is left', async () => {
    const { call } = bridgeTo(backend.origin, document)
    backend.answer((_, response) => {
      const { socket } = response
      socket?.write('HTTP/1.1 200 OK\r\n')
      const lines = Array.from({ length: 10_000 }, (_, index) => `x-${index}: ${index}\r\n`).join('')
      for (let index = 0; index < 100; index++) if (socket?.destroyed === false) socket.write(lines)
    })
    expect((await call()).isError).toBe(true)
  })

  it('is gone makes a tool error', async () => {
    const { call, said } = bridgeTo('http://127.0.0.1:9', document)
    expect(said(await call())).toContain('did not answer')
  })
})

it('BR-09 a bridge that met such an API goes on', async () => {
  backend.answer()
  expect((await bridgeTo(backend.origin, document).call()).isError).toBeUndefined()
})

it('a caller that goes away ends the request', async () => {
  const { call, events } = bridgeTo(backend.origin, document)
  const gone = new AbortController()
  const closed = new Promise((resolve) => {
    backend.answer((_, response) => {
      response.on('close', resolve)
      gone.abort()
    })
  })
  expect((await call({}, { signal: gone.signal })).isError).toBe(true)
  await closed
  expect(events[0]).toMatchObject({ type: 'upstream.failed', reason: 'aborted' })
  backend.answer()
})

describe('an address that is not public', () => {
  it.each(['http://api.example.com', 'http://127.0.0.1:1', 'https://127.0.0.1', 'https://localhost/api'])(
    'BR-12 like %s needs allowPrivate',
    (baseUrl) => {
      expect(() => bridgeTo(baseUrl, document, { allowPrivate: false })).toThrow(/allowPrivate/)
    },
  )

  it.each([
    'https://10.0.0.1',
    'https://169.254.169.254',
    'https://[fd00::1]',
    'https://[::ffff:127.0.0.1]',
    'https://intranet',
  ])('BR-20 like %s is not called without allowPrivate', async (baseUrl) => {
    const { call, events } = bridgeTo(baseUrl, document, { allowPrivate: false })
    expect((await call()).isError).toBe(true)
    expect(events[0]).toMatchObject({ type: 'upstream.failed', reason: 'unavailable' })
    expect(String(events[0]?.cause)).toMatch(/refused|not at a public address/)
  })

  it.each([
    'ftp://x',
    'api',
    'https://user@api.example.com',
    'https://api.example.com/?x=1',
    'https://api.example.com/#x',
  ])('is not %s at all', (baseUrl) => {
    expect(() => bridgeTo(baseUrl, document)).toThrow(TypeError)
  })

  it('BR-12 is not where the document says: its servers are not used', async () => {
    const servers = [{ url: 'http://169.254.169.254/{v}', variables: { v: { default: 'latest' } } }]
    const { call } = bridgeTo(backend.origin, documentOf('/x', { servers }, { servers }))
    await call()
    expect(backend.take().at(-1)?.url).toBe('/x')
  })
})

describe('a name that leads to an address inside', () => {
  const { lookup } = dns
  afterEach(() => {
    dns.lookup = lookup
  })
  /** What the name server says; gives what it was asked. */
  function nameServer(...addresses: string[]): string[] {
    const asked: string[] = []
    dns.lookup = (async (name: string) => {
      asked.push(name)
      return addresses.map((address) => ({ address, family: 4 }))
    }) as unknown as typeof dns.lookup
    return asked
  }

  it.each([[['127.0.0.1']], [['10.0.0.1']], [['169.254.169.254']], [['93.184.216.34', '127.0.0.1']]])(
    'BR-20 is looked up by the guard that pins the connection, and refused for %j',
    async (addresses) => {
      const asked = nameServer(...addresses)
      const { call, events } = bridgeTo('https://api.example.com', document, { allowPrivate: false })
      expect((await call()).isError).toBe(true)
      expect(String(events[0]?.cause)).toContain('api.example.com is not at a public address')
      expect(asked).toEqual(['api.example.com'])
    },
  )
})
