import { expect, test } from 'vitest'
import { parseTrustedProxies } from '../src/trusted-proxies.ts'

test.each([
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/8.5',
  '10.0.0.0/',
  '10.0.0.0/08',
  '10.0.0.0/8/8',
  '010.0.0.0/8',
  '0x0a.0.0.0/8',
  '10.0.0.1/8',
  ' 10.0.0.0/8',
  '10.0.0.0/8 ',
  '10.0/8',
  '10',
  '::/129',
  '2001:db8::1/32',
  'fe80::1%eth0',
  '::ffff:10.0.0.0/104',
  '::ffff:a00:1',
  '[::1]',
  'localhost',
  'loopback',
  '',
])('PO-05 the range "%s" is refused', (range) => {
  expect(() => parseTrustedProxies([range])).toThrow(TypeError)
})

test.each(['0.0.0.0/0', '::/0'])('everyone (%s) cannot be a trusted proxy', (range) => {
  expect(() => parseTrustedProxies(['127.0.0.1', range])).toThrow(TypeError)
})

test.each([
  ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['9.255.255.255', '11.0.0.0']],
  ['192.0.2.128/25', ['192.0.2.128', '192.0.2.255'], ['192.0.2.127', '192.0.3.0']],
  ['203.0.113.7', ['203.0.113.7'], ['203.0.113.6', '203.0.113.8']],
  ['128.0.0.0/1', ['128.0.0.0', '255.255.255.255'], ['127.255.255.255']],
])(
  'the IPv4 range %s has its first and its last address and not their neighbors',
  (range, inside, outside) => {
    const trusted = parseTrustedProxies([range])
    expect(inside.map((address) => trusted.check(address, 'ipv4'))).not.toContain(false)
    expect(outside.map((address) => trusted.check(address, 'ipv4'))).not.toContain(true)
  },
)

test.each([
  [
    '2001:db8::/32',
    ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db7:ffff::', '2001:db9::'],
  ],
  [
    '2001:DB8:0:0:1::/80',
    ['2001:db8::1:0:0:0', '2001:db8:0:0:1:ffff:ffff:ffff'],
    ['2001:db8::2:0:0:0', '2001:db8::'],
  ],
  ['::1', ['::1', '0:0:0:0:0:0:0:1'], ['::', '::2']],
  [
    '64:ff9b::192.0.2.0/120',
    ['64:ff9b::c000:200', '64:ff9b::c000:2ff'],
    ['64:ff9b::c000:300', '64:ff9b::c000:1ff'],
  ],
])(
  'PO-04 the IPv6 range %s has its first and its last address and not their neighbors',
  (range, inside, outside) => {
    const trusted = parseTrustedProxies([range])
    expect(inside.map((address) => trusted.check(address, 'ipv6'))).not.toContain(false)
    expect(outside.map((address) => trusted.check(address, 'ipv6'))).not.toContain(true)
  },
)
