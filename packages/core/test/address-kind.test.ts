// RFC 6890 §2.2: https://www.rfc-editor.org/rfc/rfc6890.html#section-2.2
import { describe, expect, test } from 'vitest'
import { addressKind, parseIpAddress } from '@gatewright/core'

const kind = (text: string) => addressKind(parseIpAddress(text) ?? [])

describe('addressKind', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '104.18.0.1',
    '100.63.255.255',
    '172.32.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
    '64:ff9b::808:808',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => expect(kind(address)).toBe('public'))

  test.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1'])('%s is loopback', (address) =>
    expect(kind(address)).toBe('loopback'),
  )

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ])('the special-purpose IPv4 address %s', (address) => expect(kind(address)).toBe('special'))

  test.each([
    '::',
    '::127.0.0.1',
    '::8.8.8.8',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '64:ff9b::a01:203',
    '64:ff9b:1::808:808',
    '2002:7f00:1::',
    '2002:a01:203::',
    '2002:808:808::',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '4000::1',
  ])('PO-03 the IPv6 address %s that is special or hides an IPv4 address', (address) =>
    expect(kind(address)).toBe('special'),
  )
})
