import { describe, expect, test } from 'vitest'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'

// Servers differ in the space that they put before the charset.
const mediaType = (type: string | string[] | undefined) =>
  type?.toString().replace('; ', ';').replace('utf-8', 'UTF-8')

/** What the client gets of a response. */
export function describeResponses({ serve, traits }: Rig): void {
  describe('a response', () => {
    test('arrives with status, headers, length and body', () =>
      serve(
        () =>
          new Response('{"é":1}', {
            status: 201,
            headers: { 'Content-Type': 'application/json', 'X-Test': 'yes' },
          }),
        async ({ send }) => {
          const { status, headers, text } = await send({ path: '/x' })
          expect([status, text]).toEqual([201, '{"é":1}'])
          expect(headers).toMatchObject({
            'content-type': 'application/json',
            'x-test': 'yes',
          })
          expect(headers['content-length']).toBe(traits.lengthless ? undefined : '8')
        },
      ))

    test('HT-12 does not say what the server runs on', () =>
      serve(
        () => new Response('{}'),
        async ({ send }) => expect((await send({ path: '/x' })).headers).not.toHaveProperty('x-powered-by'),
      ))

    test('sets each of several cookies', () =>
      serve(
        ({ url }) => {
          if (url.endsWith('/list'))
            return new Response('', {
              headers: [
                ['set-cookie', 'a=1; Path=/'],
                ['set-cookie', 'b=2; Secure'],
              ],
            })
          const response = new Response(null, { status: 302, headers: { location: '/next' } })
          response.headers.append('set-cookie', 'a=1; Path=/')
          response.headers.append('set-cookie', 'b=2; Secure')
          return response
        },
        async ({ send }) => {
          for (const path of ['/list', '/append'])
            expect((await send({ path })).headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Secure'])
        },
      ))

    test('joins two spellings of a header', () =>
      serve(
        () => new Response('', { headers: { Vary: 'Origin', vary: 'Accept' } }),
        async ({ send }) => expect((await send({ path: '/x' })).headers['vary']).toBe('Origin, Accept'),
      ))

    test.for<[string, () => BodyInit, string | undefined]>([
      ['string', () => 'text', 'text/plain;charset=UTF-8'],
      ['bytes', () => Buffer.from('text'), undefined],
      ['array buffer', () => new TextEncoder().encode('text').buffer, undefined],
      ['blob', () => new Blob(['text'], { type: 'text/x' }), 'text/x'],
      ['form', () => new URLSearchParams('text'), 'application/x-www-form-urlencoded;charset=UTF-8'],
      ['stream', () => new Blob(['text']).stream(), undefined],
    ])('has a %s for a body, with the content type that belongs to it', ([kind, body, type], { skip }) =>
      serve(
        () => new Response(body()),
        async ({ send }) => {
          if (kind === 'string' && !new Response('').headers.has('content-type'))
            skip('Bun: the built-in Response has no content type for a text')
          const { text, headers } = await send({ path: '/x' })
          expect(text.replace(/=$/, '')).toBe('text')
          // What a server makes of a blob or of bytes without a type is its own choice.
          if (!traits.middleware || type?.startsWith('application/'))
            expect(mediaType(headers['content-type'])).toBe(type)
        },
      ),
    )

    test('may be one that fetch() gave', () =>
      serve(
        () => fetch('data:text/x,{}'),
        async ({ send }) => {
          const { text, headers } = await send({ path: '/x' })
          expect([text, headers['content-type']]).toEqual(['{}', 'text/x'])
        },
      ))

    test('may have been looked at', () =>
      serve(
        async () => {
          const response = new Response('text', { headers: { a: '1' } })
          response.headers.set('b', response.headers.get('a') ?? '')
          const copy = response.clone()
          return (await copy.text()) === 'text' && response.ok && response.body !== null
            ? response
            : undefined
        },
        async ({ send }) => {
          const { text, headers } = await send({ path: '/x' })
          expect([text, headers['b']]).toEqual(['text', '1'])
        },
      ))

    unless(traits.middleware)('has a length of 0 when it has no body', () =>
      serve(
        () => new Response(null, { status: 302, headers: { location: 'https://a.example/' } }),
        async ({ send }) => {
          const { status, headers, text } = await send({ path: '/x' })
          expect([status, headers['location'], headers['content-length'], text]).toEqual([
            302,
            'https://a.example/',
            '0',
            '',
          ])
        },
      ),
    )

    test.each([204, 304])('%i has neither body nor length', (status) =>
      serve(
        () => new Response(null, { status, headers: { etag: '"x"' } }),
        async ({ send }) => {
          const answer = await send({ path: '/x' })
          expect([answer.status, answer.text, answer.headers['etag']]).toEqual([status, '', '"x"'])
          expect(answer.headers).not.toHaveProperty('content-length')
        },
      ),
    )

    test('to HEAD is the head of the response to GET', () =>
      serve(
        ({ method }) => new Response(`for ${method}`, { headers: { 'x-method': method } }),
        async ({ send }) => {
          const { status, headers, text } = await send({ method: 'HEAD', path: '/x' })
          expect([status, headers['x-method'], text]).toEqual([200, 'HEAD', ''])
          if (!traits.middleware) expect(headers['content-length']).toBe(traits.lengthless ? undefined : '8')
        },
      ))
  })
}
