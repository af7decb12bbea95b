import { describe, expect, test } from 'vitest'
import { clientAddress } from '../src/index.ts'

describe('without trusted proxies', () => {
  const addressOf = clientAddress([])

  test('PO-06 the peer is the client', () => {
    expect(addressOf('203.0.113.9', '10.1.2.3')).toBe('203.0.113.9')
  })

  test('PO-10 a socket without an address has no client address', () => {
    expect(addressOf(undefined, '10.1.2.3')).toBeUndefined()
  })

  test.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['::ffff:0:cb00:7109', '::ffff:0:cb00:7109'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('PO-18 %s has one spelling', (peer, address) => {
    expect(addressOf(peer, undefined)).toBe(address)
  })
})

describe('with trusted proxies', () => {
  const addressOf = clientAddress(['10.0.0.0/8', '2001:db8::/32'])
  const through = (forwardedFor: string | undefined) => addressOf('10.0.0.1', forwardedFor)

  test('N11 the leftmost entry is the client’s own word', () => {
    expect(through('10.9.9.9, 198.51.100.1, 203.0.113.9')).toBe('203.0.113.9')
  })

  test('proxies behind proxies are passed over', () => {
    expect(through('198.51.100.1,203.0.113.9 ,\t10.0.0.3, 2001:db8::7')).toBe('203.0.113.9')
  })

  test('a client inside the trusted network has its own address', () => {
    expect(through('10.1.2.3')).toBe('10.1.2.3')
    expect(through('10.1.2.3, 10.0.0.2')).toBe('10.1.2.3')
  })

  test('a peer that is no proxy is not asked', () => {
    expect(addressOf('203.0.113.9', '10.1.2.3')).toBe('203.0.113.9')
    expect(addressOf(undefined, '10.1.2.3')).toBeUndefined()
  })

  test.each(['::ffff:10.0.0.1', '::ffff:a00:1', '2001:DB8::5'])(
    'PO-02 the proxy %s is recognized',
    (peer) => {
      expect(addressOf(peer, '203.0.113.9')).toBe('203.0.113.9')
    },
  )

  test.each(['::10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::'])(
    'PO-03 %s only embeds the address of a proxy',
    (peer) => {
      expect(addressOf(peer, '203.0.113.9')).not.toBe('203.0.113.9')
    },
  )

  test.each([
    ['203.0.113.9:80', '203.0.113.9'],
    ['[2a00::1]:80', '2a00::1'],
    ['[2a00::1]', '2a00::1'],
    ['2A00:0::1', '2a00::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9', '203.0.113.9'],
  ])('PO-08 the entry %s is read', (entry, address) => {
    expect(through(entry)).toBe(address)
  })

  test.each([
    undefined,
    '',
    ' ',
    ',',
    '203.0.113.9,',
    'unknown',
    '_hid',
    '[::1',
    '::1]:80',
    '[203.0.113.9]:x',
    '203.0.113.9:',
    '203.0.113.9:123456',
    '0203.0.113.9',
    '203.0.113',
    'fe80::1%eth0',
    '"203.0.113.9"',
    'for=203.0.113.9',
    '203.0.113.9\u00A0',
    'x'.repeat(10_000),
    '203.0.113.9, unknown, 10.0.0.2',
  ])('PO-08 %o leaves the client without an address', (forwardedFor) => {
    expect(through(forwardedFor)).toBeUndefined()
  })

  test('PO-08 ten kilobytes of proxies are read', () => {
    expect(through(`203.0.113.9${',10.0.0.1'.repeat(1250)}`)).toBe('203.0.113.9')
  })
})
