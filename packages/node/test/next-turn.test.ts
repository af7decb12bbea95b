import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import type { RequestContext } from '@gatewright/core'
import { listen } from '@gatewright/testkit/adapter'
import { afterEach, expect, test, vi } from 'vitest'
import { toNodeListener } from '../src/index.ts'
import { nextTurn } from '../src/next-turn.ts'
import { withServer } from './support/with-server.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('all who wait in one turn wait for the same, and those after it for another', async () => {
  const [one, other] = [nextTurn(), nextTurn()]
  expect(other).toBe(one)
  await one
  expect(nextTurn()).not.toBe(one)
})

test('fake timers do not stop it', async () => {
  // A turn that has begun is none of theirs.
  await nextTurn()
  vi.useFakeTimers()
  await nextTurn()
})

test.each([
  ['on Cloudflare Workers', 'WebSocketPair', () => {}],
  ['without setImmediate', 'setImmediate', undefined],
])('nobody waits for another %s', async (_where, name, value) => {
  vi.stubGlobal(name, value)
  vi.resetModules()
  const { nextTurn } = await import('../src/next-turn.ts')
  const one = nextTurn()
  expect(nextTurn()).not.toBe(one)
  const first = await Promise.race([
    one.then(() => 'at once'),
    new Promise((done) => setTimeout(done, 0, 'later')),
  ])
  expect(first).toBe('at once')
})

const origin = 'https://gateway.example'

/** Sends a request on each of so many connections at once, and gives the answers. */
async function askAtOnce(url: string, count: number, connected?: () => Promise<void>): Promise<string[]> {
  const { port } = new URL(url)
  const sockets = Array.from({ length: count }, () => connect({ port: Number(port), host: '127.0.0.1' }))
  await Promise.all(sockets.map((socket) => new Promise((done) => socket.once('connect', done))))
  await connected?.()
  const answers = sockets.map(async (socket) => {
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString()
  })
  for (const [index, socket] of sockets.entries())
    socket.write(`GET /${index} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  return Promise.all(answers)
}

test('requests that arrive together are handled in step', async (context) => {
  context.skip(
    'Bun' in globalThis || 'Deno' in globalThis,
    'Bun, Deno: whether requests come in one turn is up to them',
  )
  const steps: string[] = []
  const handle = async () => {
    steps.push('begins')
    await Promise.resolve()
    steps.push('goes on')
    return new Response('ok')
  }
  const server = createServer(toNodeListener({ origin, handle }))
  await withServer(listen(server), async (url) => {
    // Whoever has connected need not have been accepted yet.
    const accepted = () =>
      vi.waitFor(async () => expect(await promisify(server.getConnections.bind(server))()).toBe(6))
    const answers = await askAtOnce(url, 6, accepted)
    expect(answers.every((answer) => answer.startsWith('HTTP/1.1 200 '))).toBe(true)
  })
  expect(steps).toEqual([...Array<string>(6).fill('begins'), ...Array<string>(6).fill('goes on')])
})

test('each request goes on in its own asynchronous context, and so does what comes after it', async () => {
  const contexts = new AsyncLocalStorage<string>()
  const handle = async ({ url }: Request) => {
    const { pathname } = new URL(url)
    return pathname === '/5' ? undefined : new Response(`${pathname} in ${contexts.getStore()}`)
  }
  const listener = toNodeListener({ origin, handle })
  // Held until all are there, so that they come in one turn on any runtime.
  const held: (() => void)[] = []
  const server = createServer((incoming, outgoing) => {
    const next = () => outgoing.end(`${incoming.url} after it in ${contexts.getStore()}`)
    held.push(() => contexts.run(incoming.url ?? '', () => listener(incoming, outgoing, next)))
    if (held.length === 6) for (const handOn of held) handOn()
  })
  await withServer(listen(server), async (url) => {
    const answers = (await askAtOnce(url, 6)).map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4))
    expect(answers).toEqual(['/0 in /0', '/1 in /1', '/2 in /2', '/3 in /3', '/4 in /4', '/5 after it in /5'])
  })
})

test('a connection that ends in the turn of its request has had its address read', async () => {
  const seen: unknown[] = []
  const handle = async (_request: Request, context?: RequestContext) => {
    seen.push(context)
    return new Response('ok')
  }
  const listener = toNodeListener({ origin, handle })
  const server = createServer((incoming, outgoing) => {
    listener(incoming, outgoing)
    incoming.socket.destroy()
  })
  await withServer(listen(server), async (url) => {
    expect(await askAtOnce(url, 2)).toEqual(['', ''])
    await vi.waitFor(() => expect(seen).toEqual([{ ip: '127.0.0.1' }, { ip: '127.0.0.1' }]))
  })
})
