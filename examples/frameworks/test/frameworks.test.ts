// The snippets of docs/guide/frameworks.md, called as their frameworks call them; `*.bun.ts`, `*.deno.ts`, `*.node.ts` go further
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { migrate } from '@gatewright/storage-sqlite/d1'
import { createApp, eventHandler, readBody, toNodeListener as toH3Listener } from 'h3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, itAnswers, origin } from './it-answers.ts'
import { noWorkerd, startWorker } from './workerd.ts'

const ends: (() => Promise<unknown>)[] = []

beforeAll(() => {
  process.env['KEY_SECRET'] = 'a secret that only these tests use, of 32 characters'
})
afterAll(() => Promise.all(ends.map((end) => end())))

const request = (path: string, init?: RequestInit) => new Request(origin + path, init)

describe('Next.js', () => {
  itAnswers(async () => {
    const route = await import('./snippets/next/app/[...path]/route.ts')
    return (path, init) => {
      const method = (init?.method ?? 'GET') as keyof typeof route
      return route[method](request(path, init))
    }
  })
})

describe('SvelteKit', () => {
  itAnswers(async () => {
    const { handle } = await import('./snippets/sveltekit/src/hooks.server.ts')
    return async (path, init) => {
      const event = { request: request(path, init), getClientAddress: () => '192.0.2.1' }
      const resolve = () => new Response('my app')
      return handle({ event, resolve } as unknown as Parameters<typeof handle>[0])
    }
  }, 'my app')
})

describe('Nuxt (h3)', () => {
  itAnswers(async () => {
    const { default: middleware } = await import('./snippets/nuxt/server/middleware/gatewright.ts')
    const app = createApp()
    app.use(middleware)
    app.use(
      '/echo',
      eventHandler(async (event) => readBody(event)),
    )
    app.use(
      '/',
      eventHandler(() => 'my app'),
    )
    const http = createServer(toH3Listener(app))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    ends.push(async () => http.close())
    const send = at(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)
    const echoed = await send('/echo', { method: 'POST', body: new URLSearchParams({ of: 'the app' }) })
    expect(await echoed.json()).toEqual({ of: 'the app' })
    return send
  }, 'my app')
})

describe('NestJS', () => {
  itAnswers(async () => {
    const { start } = await import('./snippets/nest/main.ts')
    const app = await start(0)
    ends.push(() => app.close())
    return at(await app.getUrl())
  })
})

describe('Cloudflare Workers', () => {
  if (noWorkerd !== undefined) {
    it.skip(noWorkerd, () => undefined)
    return
  }
  itAnswers(async () => {
    const worker = await startWorker('./snippets/workers/worker.ts', {
      PUBLIC_URL: origin,
      KEY_SECRET: process.env['KEY_SECRET'] ?? '',
    })
    ends.push(worker.stop)
    await migrate(worker.database)
    return at(worker.origin)
  }, 'my app')
})

describe('Bun', () => {
  itAnswers(async () => {
    const { default: server } = await import('./snippets/bun/server.ts')
    return (path, init) => server.fetch(request(path, init), { requestIP: () => ({ address: '192.0.2.1' }) })
  }, 'my app')
})

describe('Deno', () => {
  itAnswers(async () => {
    const { default: server } = await import('./snippets/deno/server.ts')
    return (path, init) => server.fetch(request(path, init), { remoteAddr: { hostname: '192.0.2.1' } })
  }, 'my app')
})
