import { describe, expect } from 'vitest'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'

/** What becomes of paths that are not the handler's. */
export function describeFallThrough({ path, serve, traits }: Rig): void {
  const request = { method: 'POST', path: '/elsewhere', headers: { 'content-type': 'text/plain' } }
  // Whoever looks at a signal may leave listeners behind.
  const notMine = ({ signal, headers }: Request) => void [signal.aborted, headers.get('authorization')]

  describe('a path that is not the handler’s', () => {
    unless(traits.app)('is answered 404', () =>
      serve(notMine, async ({ send }) => {
        const { status, text } = await send(request, 'body')
        expect([status, text]).toEqual([404, 'Not Found'])
      }),
    )

    unless(!traits.app)('goes on to the app, with its body', () =>
      serve(notMine, async ({ send }) => {
        const { status, text } = await send(request, 'body')
        expect([status, text]).toEqual([200, 'app POST body'])
      }),
    )

    unless(!traits.app || traits.middleware)('is the same path for the app as before', () =>
      serve(notMine, async ({ send }) => {
        expect((await send({ path: '/elsewhere?url' })).text).toBe(`app GET ${path('/elsewhere?url')}`)
      }),
    )

    unless(!traits.app || traits.middleware || traits.http2)(
      'is the same whole URL for the app as before',
      ({ skip }) => {
        if (traits.noWholeTargets !== '') skip(traits.noWholeTargets)
        return serve(notMine, async ({ raw }) => {
          const target = `http://a.example${path('/elsewhere?url')}`
          const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`)
          expect(answer).toContain(`app GET ${target}`)
        })
      },
    )
  })
}
