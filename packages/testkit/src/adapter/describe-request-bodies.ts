import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readAnswer } from './answer.ts'
import { echo, echoed } from './echo.ts'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'
import { untilQuiet } from './until-quiet.ts'

const json = { 'content-type': 'application/json' }
const binary = { 'content-type': 'application/octet-stream' }

/** The body that a handler reads. */
export function describeRequestBodies({ serve, traits }: Rig): void {
  describe('the request body', () => {
    test('is JSON as it was sent, with or without a length', () =>
      serve(echo, async ({ send, open }) => {
        const value = {
          jsonrpc: '2.0',
          id: 1,
          params: { text: 'é€😀', list: [1, [null, true]], ['__proto__']: 1 },
        }
        const request = { method: 'POST', path: '/echo', headers: json }
        const whole = echoed(await send(request, JSON.stringify(value)))
        expect(JSON.parse(whole.body)).toEqual(value)
        const { upload, response } = open(request)
        upload.write(JSON.stringify(value).slice(0, 20))
        upload.end(JSON.stringify(value).slice(20))
        expect(JSON.parse(echoed(await readAnswer(await response)).body)).toEqual(value)
      }))

    test('is text as it was sent', () =>
      serve(echo, async ({ send }) => {
        const request = { method: 'POST', path: '/echo', headers: { 'content-type': 'text/plain' } }
        expect(echoed(await send(request, 'a=1&a=2 é')).body).toBe('a=1&a=2 é')
      }))

    test('is empty when none was sent', () =>
      serve(echo, async ({ send }) => {
        for (const headers of [{}, json, { 'content-type': 'application/x-www-form-urlencoded' }])
          expect(echoed(await send({ method: 'POST', path: '/echo', headers })).body).toBe('')
      }))

    test('is every byte of a large upload', () =>
      serve(
        async (request) =>
          new Response(
            createHash('sha256')
              .update(new Uint8Array(await request.arrayBuffer()))
              .digest(),
          ),
        async ({ send }) => {
          const bytes = randomBytes(3_000_001)
          const answer = await send({ method: 'POST', path: '/sha', headers: binary }, bytes)
          expect(answer.bytes).toEqual(createHash('sha256').update(bytes).digest())
        },
      ))

    test('has the length that its header says', () =>
      serve(echo, async ({ send }) => {
        const headers = { ...json, 'content-length': '15' }
        const seen = echoed(await send({ method: 'POST', path: '/echo', headers }, '{ "a" : "é"  }'))
        expect(seen.headers['content-length']).toBe(String(Buffer.byteLength(seen.body)))
      }))

    test('can be read while it is being sent', () =>
      serve(
        async ({ body }) => {
          const chunk = await body?.getReader().read()
          return new Response(chunk?.value)
        },
        async ({ open }) => {
          const { upload, response } = open({ method: 'POST', path: '/first', headers: binary })
          upload.write('first')
          const { text } = await readAnswer(await response)
          expect(text).toBe('first')
        },
      ))

    test('is not taken from the client before the handler reads it', () => {
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      return serve(
        async (request) => {
          await released
          return Response.json((await request.arrayBuffer()).byteLength)
        },
        async ({ open }) => {
          const { upload, response } = open({ method: 'POST', path: '/wait', headers: binary })
          const chunk = Buffer.alloc(65_536)
          const total = 1024
          let sent = 0
          const push = () => {
            while (sent < total) {
              sent += 1
              if (!upload.write(chunk)) return
            }
            upload.end()
          }
          upload.on('drain', push)
          push()
          expect(await untilQuiet(() => sent)).toBeLessThan(total)
          release()
          expect((await readAnswer(await response)).text).toBe(String(total * chunk.length))
        },
      )
    })

    test('may be left unread', () =>
      serve(
        () => new Response('too large', { status: 413 }),
        async ({ open, send }) => {
          const { upload, response } = open({ method: 'POST', path: '/large', headers: binary })
          upload.write(Buffer.alloc(1_000_000))
          const { status } = await readAnswer(await response)
          expect(status).toBe(413)
          expect((await send({ path: '/after' })).status).toBe(413)
        },
      ))

    unless(!traits.parsed)('is what the parser decompressed, under headers that say so', () =>
      serve(echo, async ({ send }) => {
        const headers = { ...json, 'content-encoding': 'gzip' }
        const body = JSON.stringify({ long: 'x'.repeat(5000) })
        const seen = echoed(await send({ method: 'POST', path: '/echo', headers }, gzipSync(body)))
        expect(seen.body).toBe(body)
        expect(seen.headers['content-encoding']).toBeUndefined()
        expect(seen.headers['content-length']).toBe(String(body.length))
      }),
    )
  })
}
