import { describe, expect, test } from 'vitest'
import type { Handle, Rig } from './rig.ts'

/** What becomes of failures in the handler. */
export function describeErrors({ serve, traits }: Rig): void {
  const failure = new Error('at /srv/app/token.ts: password=hunter2')
  const failing: readonly [string, Handle][] = [
    ['rejects', () => Promise.reject(failure)],
    [
      'throws',
      () => {
        throw failure
      },
    ],
    ['gives something that is no response', () => 'text' as unknown as Response],
    ['gives null', () => null as unknown as Response],
  ]
  const unsendable: readonly [string, Handle][] = [
    [
      'sets a header that HTTP does not allow',
      () => new Response('', { headers: { 'x-a': 'a\r\nset-cookie: b' } }),
    ],
    [
      'sets a header that is not Latin-1',
      () => new Response('', { headers: { 'set-cookie': 'a', 'x-a': '€' } }),
    ],
    ['sets a status that HTTP does not have', () => new Response('', { status: 99 })],
    ['sets a status that is not final', () => new Response('', { status: 103 })],
    ['sets a status out of range', () => new Response('', { status: 600 })],
    [
      'gives a response whose body was read',
      async () => {
        const response = new Response('text')
        await response.text()
        return response
      },
    ],
  ]

  describe('a handler that fails', () => {
    test.each(traits.middleware ? failing : [...failing, ...unsendable])(
      'HT-16 and %s is answered 500 without details',
      (_how, handle) => {
        const errors: unknown[] = []
        return serve(
          handle,
          async ({ send }) => {
            const { status, headers, text } = await send({ path: '/boom' })
            expect([status, text]).toEqual([500, '{"error":"server_error"}'])
            expect(headers).toMatchObject({
              'content-type': 'application/json',
              'cache-control': 'no-store',
              'x-content-type-options': 'nosniff',
            })
            expect(Object.keys(headers)).not.toContain('set-cookie')
            expect(errors).toHaveLength(1)
          },
          { onError: (error) => errors.push(error) },
        )
      },
    )

    test('is answered all the same when no one listens, or the listener fails', () =>
      serve(
        () => Promise.reject(failure),
        async ({ send }) => expect((await send({ path: '/boom' })).status).toBe(500),
        {
          onError() {
            throw new Error('listener')
          },
        },
      ))

    test('does not keep the next request from being answered', () =>
      serve(
        ({ url }) => (url.endsWith('/boom') ? Promise.reject(failure) : new Response('fine')),
        async ({ send }) => {
          await send({ method: 'POST', path: '/boom' }, 'body')
          expect((await send({ path: '/x' })).text).toBe('fine')
        },
      ))
  })
}
