import { describe, expect, test } from 'vitest'
import { echo, echoed } from './echo.ts'
import { origin } from './rig.ts'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'

const hostile = {
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '8080',
  'x-forwarded-prefix': '/evil',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
  forwarded: 'host=evil.example;proto=http',
}

/** The URL that a handler sees. */
export function describeTargets({ path, serve, traits }: Rig): void {
  describe('the URL', () => {
    test('is the origin, the path and the query as they were sent', () =>
      serve(echo, async ({ send }) => {
        const target = '/echo/%C3%A9;v=1?a=1&a=2&b=%20+x&c[]=d&back\\slash'
        expect(echoed(await send({ path: target })).url).toBe(origin + path(target))
      }))

    test('N23 is not changed by a hostile Host, Forwarded or X-Forwarded-* header', () =>
      serve(echo, async ({ send }) => {
        const headers = traits.http2 ? hostile : { ...hostile, host: 'evil.example:8080' }
        expect(echoed(await send({ path: '/echo', headers })).url).toBe(origin + path('/echo'))
      }))

    test('keeps the origin when the path begins like an authority', () =>
      serve(echo, async ({ send }) => {
        const { url } = echoed(await send({ path: '//evil.example/echo' }))
        expect(url).toBe(`${origin}${path('//evil.example/echo')}`)
      }))

    test('stays the same in copies of the request', () =>
      serve(
        (request) => Response.json([request.clone().url, new Request(request.url, request).url]),
        async ({ send }) => {
          const headers = traits.http2 ? hostile : { ...hostile, host: 'evil.example' }
          const { text } = await send({ path: '/copy?x=1', headers })
          expect(JSON.parse(text)).toEqual(Array(2).fill(origin + path('/copy?x=1')))
        },
      ))

    test('does not reach out of the origin by dot segments', () =>
      serve(echo, async ({ send }) => {
        const answer = await send({ path: '/a/%2e%2E/b/../echo' })
        expect(echoed(answer).url).toBe(origin + path('/echo'))
      }))

    unless(traits.http2)('keeps the origin when the target is a whole URL of another host', ({ skip }) => {
      if (traits.noWholeTargets !== '') skip(traits.noWholeTargets)
      return serve(echo, async ({ raw }) => {
        const answer = await raw(
          `GET http://evil.example${path('/echo?x=1')} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
        )
        expect(echoed(answer).url).toBe(origin + path('/echo?x=1'))
      })
    })

    unless(traits.http2 || traits.middleware)('does not need a Host header', () =>
      serve(echo, async ({ raw }) => {
        const answer = await raw(`GET ${path('/echo')} HTTP/1.0\r\n\r\n`)
        expect(echoed(answer).url).toBe(origin + path('/echo'))
      }),
    )

    unless(traits.http2)('HT-15 what the server refuses stays refused', () =>
      serve(echo, async ({ raw }) => {
        const post = `POST ${path('/echo')} HTTP/1.1\r\nConnection: close\r\n`
        const both = 'Host: a.example\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
        for (const request of [`${post}\r\n`, post + both, `${post}Host: a.example\r\n folded: x\r\n\r\n`])
          expect(await raw(request)).toMatch(/^HTTP\/1\.1 400 /)
      }),
    )

    // Node hands the first on instead of refusing both, and another server in front may have looked at the last.
    unless(traits.http2)('HT-15 neither of two Host fields has a say', () =>
      serve(echo, async ({ raw }) => {
        const answer = await raw(
          `GET ${path('/echo')} HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\n\r\n`,
        )
        if (!answer.startsWith('HTTP/1.1 400 ')) expect(echoed(answer).url).toBe(origin + path('/echo'))
      }),
    )

    unless(traits.http2 || traits.middleware).each([
      ['a backslash, which URL parsers read as a slash', '/x/..\\echo'],
      ['a fragment', '/echo#x'],
    ])('is never made of a path with %s: it goes past the handler', (_what, target) =>
      serve(echo, async ({ raw }) => {
        const answer = await raw(
          `GET ${path(target)} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`,
        )
        expect(answer).not.toContain(origin)
        expect(answer).toMatch(traits.app ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 404 /)
      }),
    )

    unless(traits.http2)('is never made of OPTIONS *', () =>
      serve(echo, async ({ raw }) => {
        const answer = await raw('OPTIONS * HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n')
        expect(answer).not.toContain(origin)
      }),
    )
  })
}
