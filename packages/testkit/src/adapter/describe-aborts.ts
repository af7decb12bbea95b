import { describe, expect, test } from 'vitest'
import type { Rig } from './rig.ts'

/** What becomes of a request whose client goes away. */
export function describeAborts({ serve, traits }: Rig): void {
  const binary = { 'content-type': 'application/octet-stream' }

  describe('a client that goes away', () => {
    test('MC-50 aborts the signal of its request', () => {
      let arrived = (_request: Request) => {}
      const request = new Promise<Request>((resolve) => (arrived = resolve))
      let aborted = () => {}
      const abortion = new Promise<void>((resolve) => (aborted = resolve))
      return serve(
        (request) =>
          new Promise((_resolve, reject) => {
            request.signal.addEventListener('abort', () => {
              aborted()
              reject(new Error('the tool was stopped'))
            })
            arrived(request)
          }),
        async ({ open }) => {
          const exchange = open({ method: 'POST', path: '/tool', headers: binary })
          exchange.upload.end('{}')
          expect((await request).signal.aborted).toBe(false)
          exchange.abort()
          await abortion
        },
      )
    })

    test('HT-17 in the middle of its body fails the reading, is no error of the handler, and breaks nothing', ({
      skip,
    }) => {
      if (traits.middleware && 'Deno' in globalThis)
        skip('Hono runs by Deno.serve on Deno; its server for Node.js aborts the signal too late there')
      if (traits.http2 && 'Deno' in globalThis)
        skip('node:http2 of Deno ends a body that was broken off as if it were whole')
      const errors: unknown[] = []
      let failed = (_error: unknown) => {}
      const failure = new Promise<unknown>((resolve) => (failed = resolve))
      let arrived = () => {}
      const arrival = new Promise<void>((resolve) => (arrived = resolve))
      return serve(
        async (request) => {
          if (request.method === 'GET') return new Response('fine')
          arrived()
          return new Response(
            await request.text().catch((error: unknown) => {
              failed(error)
              throw error
            }),
          )
        },
        async ({ open, send }) => {
          const exchange = open({
            method: 'POST',
            path: '/token',
            headers: { ...binary, 'content-length': '1000' },
          })
          exchange.upload.write('code=a')
          await arrival
          exchange.abort()
          expect(await failure).toBeInstanceOf(Error)
          expect((await send({ path: '/x' })).text).toBe('fine')
          expect(errors).toEqual([])
        },
        { onError: (error) => errors.push(error) },
      )
    })

    test('may do so before the handler is done: the answer is dropped', () => {
      let finish = () => {}
      const finished = new Promise<void>((resolve) => (finish = resolve))
      let arrived = () => {}
      const arrival = new Promise<void>((resolve) => (arrived = resolve))
      let gone = () => {}
      const departure = new Promise<void>((resolve) => (gone = resolve))
      return serve(
        async (request) => {
          if (request.url.endsWith('/x')) return new Response('fine')
          request.signal.addEventListener('abort', () => gone())
          arrived()
          await finished
          return new Response(new Blob(['late']).stream())
        },
        async ({ open, send }) => {
          const exchange = open({ path: '/slow' })
          exchange.upload.end()
          await arrival
          exchange.abort()
          await departure
          finish()
          expect((await send({ path: '/x' })).text).toBe('fine')
        },
      )
    })
  })

  test('the signal stays quiet when the answer was taken whole', () => {
    let signal: AbortSignal | undefined
    return serve(
      (request) => {
        signal = request.signal
        return new Response('fine')
      },
      async ({ send }) => {
        await send({ method: 'POST', path: '/x' }, 'body')
        await send({ path: '/y' })
        expect(signal?.aborted).toBe(false)
      },
    )
  })
}
