import { describe, expect, test } from 'vitest'
import { echo, echoed } from './echo.ts'
import type { Rig } from './rig.ts'
import { unless } from './unless.ts'

const claims = {
  'x-forwarded-for': '10.1.2.3',
  'x-real-ip': '10.1.2.3',
  'cf-connecting-ip': '10.1.2.3',
  'true-client-ip': '10.1.2.3',
  'x-client-ip': '10.1.2.3',
  forwarded: 'for=10.1.2.3',
}

/** The client's address. */
export function describeAddresses({ path, serve, traits }: Rig): void {
  const trustedProxies = ['127.0.0.1', '10.0.0.0/8']

  describe('the address of the client', () => {
    test('PO-06 is the socket’s peer, whatever headers claim', () =>
      serve(echo, async ({ send }) => {
        expect(echoed(await send({ path: '/echo', headers: claims })).context.ip).toBe('127.0.0.1')
      }))

    test.each([
      ['203.0.113.9', '203.0.113.9'],
      ['10.1.2.3, 203.0.113.9', '203.0.113.9'],
      ['198.51.100.1, 203.0.113.9, 10.0.0.1', '203.0.113.9'],
    ])('N11 comes from the trusted end of X-Forwarded-For: %s', (forwardedFor, ip) =>
      serve(
        echo,
        async ({ send }) => {
          const headers = { ...claims, 'x-forwarded-for': forwardedFor }
          expect(echoed(await send({ path: '/echo', headers })).context.ip).toBe(ip)
        },
        { trustedProxies },
      ),
    )

    test('PO-08 is unknown when a trusted proxy names none that can be read', () =>
      serve(
        echo,
        async ({ send }) => {
          for (const forwardedFor of ['', 'unknown', '_hid', '203.0.113.9, ', 'x'.repeat(10_000)]) {
            const answer = await send({ path: '/echo', headers: { 'x-forwarded-for': forwardedFor } })
            expect(echoed(answer).context.ip).toBeUndefined()
          }
          expect(echoed(await send({ path: '/echo' })).context.ip).toBeUndefined()
        },
        { trustedProxies },
      ))

    unless(traits.http2)('PO-08 is read from two header lines as from one', () =>
      serve(
        echo,
        async ({ raw }) => {
          const lines = 'X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-For: 203.0.113.9, 10.0.0.1\r\n'
          const answer = await raw(
            `GET ${path('/echo')} HTTP/1.1\r\nHost: a.example\r\n${lines}Connection: close\r\n\r\n`,
          )
          expect(echoed(answer).context.ip).toBe('203.0.113.9')
        },
        { trustedProxies },
      ),
    )
  })
}
