import { describe, expect, test } from 'vitest'
import { echo, echoed } from './echo.ts'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'

/** The method and the headers that a handler sees. */
export function describeHeaders({ path, serve, traits }: Rig): void {
  describe('the head of the request', () => {
    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('carries the method %s', (method) =>
      serve(echo, async ({ send }) => {
        expect(echoed(await send({ method, path: '/echo' })).method).toBe(method)
      }),
    )

    test('carries headers with their values untouched', () =>
      serve(echo, async ({ send }) => {
        const sent = { authorization: 'Bearer a.b-c', accept: 'text/html, */*;q=0.1', dpop: 'e30.e30.x' }
        const { headers } = echoed(await send({ path: '/echo', headers: sent }))
        expect(headers).toMatchObject(sent)
      }))

    test('finds a header by any spelling, and nothing that was not sent', () =>
      serve(
        ({ headers }) =>
          Response.json([headers.get('X-TEST'), headers.has('x-test'), headers.get('__proto__')]),
        async ({ send }) => {
          const { text } = await send({ path: '/headers', headers: { 'x-test': 'yes' } })
          expect(JSON.parse(text)).toEqual(['yes', true, null])
        },
      ))

    unless(traits.http2).each([
      ['authorization', 'Bearer a', 'Bearer b'],
      ['dpop', 'e30.e30.a', 'e30.e30.b'],
      ['origin', 'https://a.example', 'https://b.example'],
      ['content-type', 'application/json', 'application/x-www-form-urlencoded'],
    ])('MC-05 shows both of two %s headers, never one of them', (name, first, second) =>
      serve(
        ({ headers }) =>
          Response.json([headers.get(name), headers.get(name), Object.fromEntries(headers)[name]]),
        async ({ raw }) => {
          const answer = await raw(
            `GET ${path('/headers')} HTTP/1.1\r\nHost: a.example\r\n${name}: ${first}\r\n${name}: ${second}\r\nConnection: close\r\n\r\n`,
          )
          const values: unknown = JSON.parse(answer.slice(answer.indexOf('['), answer.lastIndexOf(']') + 1))
          expect(values).toEqual(Array(3).fill(`${first}, ${second}`))
        },
      ),
    )

    unless(traits.http2)('joins two Cookie headers as cookies are joined', ({ skip }) => {
      if (traits.middleware && 'Deno' in globalThis)
        skip('Hono runs by Deno.serve on Deno; its server for Node.js joins cookies by a comma there')
      return serve(
        ({ headers }) => Response.json([headers.get('cookie'), Object.fromEntries(headers)['cookie']]),
        async ({ raw }) => {
          const answer = await raw(
            `GET ${path('/cookies')} HTTP/1.1\r\nHost: a.example\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n`,
          )
          expect(answer).toContain('["a=1; b=2","a=1; b=2"]')
        },
      )
    })
  })
}
