// RFC 4291 §2.5.4: https://www.rfc-editor.org/rfc/rfc4291.html#section-2.5.4
import { describe, expect, it } from 'vitest'
import { addressBucket } from '../../src/limits/address-bucket.ts'

describe('addressBucket', () => {
  it('PO-18 one bucket for all addresses of a /64, another for the next', () => {
    const bucket = addressBucket('2001:db8:1:2::1')
    for (const ip of ['2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:0:0:0:0', '2001:db8:1:2::192.0.2.1'])
      expect(addressBucket(ip)).toBe(bucket)
    expect(addressBucket('2001:db8:1:3::1')).not.toBe(bucket)
  })

  it('PO-18 each IPv4 address its own, in either spelling', () => {
    expect(addressBucket('::ffff:192.0.2.1')).toBe(addressBucket('192.0.2.1'))
    expect(addressBucket('192.0.2.2')).not.toBe(addressBucket('192.0.2.1'))
  })

  it('one for all whose address is not known', () => {
    expect(addressBucket(undefined)).toBe(addressBucket('nonsense'))
  })
})
