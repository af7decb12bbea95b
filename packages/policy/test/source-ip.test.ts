// RFC 4291 §2: https://www.rfc-editor.org/rfc/rfc4291.html#section-2
import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIpAddress, parseIpNetwork } from '@gatewright/core'
import { sourceIp } from '@gatewright/policy'
import { input } from './support.ts'

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 10_000) }

const allows = async (networks: string[], ip: string | undefined) =>
  (await sourceIp(networks)(input(ip === undefined ? {} : { ip }))).allowed

describe('sourceIp', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '9.255.255.255', false],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['160.79.104.0/21', '160.79.111.255', true],
    ['160.79.104.0/21', '160.79.112.0', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7/32', '192.0.2.8', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '::1', false],
  ])('PO-01 %s has %s: %s', async (network, ip, expected) => {
    expect(await allows([network], ip)).toBe(expected)
  })

  it.each(['::ffff:10.1.2.3', '::ffff:a01:203', '::FFFF:10.1.2.3'])(
    'PO-02 an IPv4 network has the mapped address %s',
    async (ip) => {
      expect(await allows(['10.0.0.0/8'], ip)).toBe(true)
    },
  )

  it.each(['::10.1.2.3', '64:ff9b::a01:203', '2002:a01:203::'])(
    'PO-03 an IPv4 network does not have %s, which only embeds an address',
    async (ip) => {
      expect(await allows(['10.0.0.0/8'], ip)).toBe(false)
    },
  )

  it.each([
    ['2001:db8::/32', '2001:db8::', true],
    ['2001:db8::/32', '2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8::/32', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', false],
    ['2001:db8::/32', '2001:db9::', false],
    ['2607:6bc0::/48', '2607:6bc0:0:ffff::1', true],
    ['2607:6bc0::/48', '2607:6bc0:1::1', false],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['::/0', 'fe80::1', true],
    ['::/0', '192.0.2.1', false],
    ['fe80::/10', 'fe80::1%eth0', false],
  ])('PO-04 %s has %s: %s', async (network, ip, expected) => {
    expect(await allows([network], ip)).toBe(expected)
  })

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8.5',
    '10.0.0.0/',
    '10.0.0.0/08',
    '010.0.0.0/8',
    '0x0a.0.0.0/8',
    '10.0.0.1/8',
    ' 10.0.0.0/8',
    '10.0.0.0/8 ',
    '10.0/8',
    '10.0.0.0/8/8',
    '::/129',
    '::ffff:10.0.0.0/104',
    '1:2:3:4:5:6:7:8:9/64',
    '1::2::3/64',
    'fe80::1%eth0/64',
    '',
    'localhost',
  ])('PO-05 "%s" is refused at construction', (network) => {
    expect(() => sourceIp([network])).toThrow(TypeError)
  })

  it('PO-05 an empty list is refused at construction', () => {
    expect(() => sourceIp([])).toThrow(TypeError)
  })

  it.each([undefined, '', 'unknown', '10.0.0.1:80', '[::1]', '10.0.0.256', '10.0.0.1, 10.0.0.2'])(
    'PO-10 denies when the address is %s',
    async (ip) => {
      const decision = await sourceIp(['10.0.0.0/8', '::/0', '0.0.0.0/0'])(
        input(ip === undefined ? {} : { ip }),
      )
      expect(decision).toMatchObject({
        allowed: false,
        internal_message: 'the address of the request is not known',
      })
    },
  )

  it('SU-05 reads every address that Node reads, and no other', () => {
    const hex = fc.stringMatching(/^[0-9a-f:.]{0,24}$/)
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), hex), (text) => {
        expect(parseIpAddress(text) !== undefined).toBe(isIP(text) !== 0)
      }),
      runs,
    )
  })

  it('SU-05 has the first and last address of any network, and neither neighbour', () => {
    const toText = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 32 }),
        (value, length) => {
          const size = 2 ** (32 - length)
          const first = Math.floor(value / size) * size
          const network = parseIpNetwork(`${toText(first)}/${length}`)
          const has = (address: number) => network.has(parseIpAddress(toText(address)) ?? [])
          expect([has(first), has(first + size - 1)]).toEqual([true, true])
          if (first > 0) expect(has(first - 1)).toBe(false)
          if (first + size < 2 ** 32) expect(has(first + size)).toBe(false)
        },
      ),
      runs,
    )
  })

  it.each([':', '1.', '1', 'f:', '::', '0.0.0.0/', '/', '1/', '%'])(
    'DS-01 refuses 100 KB of %j in milliseconds, as an address and as a network',
    (unit) => {
      const text = unit.repeat(100_000 / unit.length)
      // Processor time: what else the machine does must not count.
      const before = process.cpuUsage()
      expect(parseIpAddress(text)).toBeUndefined()
      for (const network of [text, `10.0.0.0/${text}`, `${text}/8`])
        expect(() => parseIpNetwork(network)).toThrow(TypeError)
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(50)
    },
  )
})
