import { describe, expect, test } from 'vitest'
import { readAnswer } from './answer.ts'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'
import { untilQuiet } from './until-quiet.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Responses whose body is produced while it is sent. */
export function describeStreams({ serve, traits }: Rig): void {
  describe('a streamed response', () => {
    test('arrives chunk by chunk, its head before the first', () => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined
      const stream = new ReadableStream<Uint8Array>({ start: (it) => void (controller = it) })
      return serve(
        () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }),
        async ({ open }) => {
          const { upload, response } = open({ path: '/events' })
          upload.end()
          const { headers, body } = await response
          expect(headers['content-type']).toBe('text/event-stream')
          const chunks = body[Symbol.asyncIterator]()
          for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
            controller?.enqueue(bytes(text))
            expect(String((await chunks.next()).value)).toBe(text)
          }
          controller?.close()
          expect((await chunks.next()).done).toBe(true)
        },
      )
    })

    test('is whole and in order when it is large', () => {
      let at = 0
      const chunk = (index: number) => Buffer.alloc(50_000, index % 251)
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at === 100) controller.close()
          else controller.enqueue(chunk(at++))
        },
      })
      return serve(
        () => new Response(stream),
        async ({ send }) => {
          const answer = await send({ path: '/large' })
          expect(
            answer.bytes.equals(Buffer.concat(Array.from({ length: 100 }, (_, index) => chunk(index)))),
          ).toBe(true)
        },
      )
    })

    test('is produced no faster than the client reads, and cancelled when it goes away', () => {
      const limit = 4000
      let pulled = 0
      let cancelled = () => {}
      const end = new Promise<void>((resolve) => (cancelled = resolve))
      return serve(
        () =>
          new Response(
            new ReadableStream<Uint8Array>({
              pull(controller) {
                pulled += 1
                if (pulled === limit) controller.close()
                else controller.enqueue(new Uint8Array(65_536))
              },
              cancel: () => cancelled(),
            }),
          ),
        async ({ open }) => {
          const exchange = open({ path: '/endless' })
          exchange.upload.end()
          await exchange.response
          expect(await untilQuiet(() => pulled)).toBeLessThan(limit)
          exchange.abort()
          await end
          expect(await untilQuiet(() => pulled)).toBeLessThan(limit)
        },
      )
    })

    test('is cancelled when the client goes away while it is silent', () => {
      let cancelled = () => {}
      const end = new Promise<void>((resolve) => (cancelled = resolve))
      return serve(
        () => new Response(new ReadableStream({ cancel: () => cancelled() })),
        async ({ open }) => {
          const exchange = open({ path: '/silent' })
          exchange.upload.end()
          await exchange.response
          exchange.abort()
          await end
        },
      )
    })

    test('that fails is broken off, so that it is not taken for whole, and does not say why', () => {
      const errors: unknown[] = []
      const failure = new Error('password=hunter2')
      let chunks = 0
      return serve(
        ({ url }) =>
          new Response(
            new ReadableStream({
              pull(controller) {
                if (url.endsWith('/late') && chunks++ === 0) controller.enqueue(bytes('first'))
                else controller.error(failure)
              },
            }),
          ),
        async ({ open }) => {
          for (const path of ['/late', '/early']) {
            const { upload, response } = open({ path })
            upload.end()
            await expect(response.then(readAnswer)).rejects.not.toThrow('hunter2')
          }
          // A middleware is done when the stream begins.
          expect(errors).toEqual(traits.middleware ? [] : [failure, failure])
        },
        { onError: (error) => errors.push(error) },
      )
    })

    unless(traits.middleware)('to HEAD is not produced', () => {
      let cancelled = () => {}
      const end = new Promise<void>((resolve) => (cancelled = resolve))
      return serve(
        () => new Response(new ReadableStream({ cancel: () => cancelled() })),
        async ({ send }) => {
          const { status, text } = await send({ method: 'HEAD', path: '/x' })
          expect([status, text]).toEqual([200, ''])
          await end
        },
      )
    })
  })
}
