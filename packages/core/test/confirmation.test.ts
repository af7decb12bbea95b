// RFC 7800 §3.1: https://www.rfc-editor.org/rfc/rfc7800.html#section-3.1
import { certificateThumbprint, isConfirmed } from '@gatewright/core'
import { describe, expect, it } from 'vitest'

describe('a token is confirmed', () => {
  it('when it demands nothing', () => {
    expect(isConfirmed(undefined, undefined)).toBe(true)
    expect(isConfirmed({ jkt: undefined }, { jkt: 'a' })).toBe(true)
  })

  it('when everything that it demands was proven', () => {
    const both = { jkt: 'a', 'x5t#S256': 'b' }
    expect(isConfirmed(both, both)).toBe(true)
    expect(isConfirmed(both, { jkt: 'a' })).toBe(false)
    expect(isConfirmed(both, { ...both, jkt: 'b' })).toBe(false)
    expect(isConfirmed({ jkt: 'a' }, both)).toBe(true)
    expect(isConfirmed({ jkt: 'a' }, undefined)).toBe(false)
  })

  it('never, when it demands something that is not known here', () => {
    const unknown = { kid: 'a' } as object
    expect(isConfirmed(unknown, unknown)).toBe(false)
  })
})

describe('the thumbprint of a certificate', () => {
  const pem = (bytes: string) => `-----BEGIN CERTIFICATE-----\n${btoa(bytes)}\n-----END CERTIFICATE-----\n`

  it('is the SHA-256 of its bytes', async () => {
    // The digest of "abc" in FIPS 180-4.
    expect(await certificateThumbprint(pem('abc'))).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  it('is that of the first one in a chain, however its lines are broken', async () => {
    const folded = pem('abc').replace(btoa('abc'), 'YW\r\nJj')
    expect(await certificateThumbprint(folded + pem('other'))).toBe(await certificateThumbprint(pem('abc')))
  })

  it.each([undefined, '', 'abc', '-----BEGIN CERTIFICATE-----\n=\n-----END CERTIFICATE-----'])(
    'is not there for %j',
    async (text) => {
      expect(await certificateThumbprint(text)).toBeUndefined()
    },
  )
})
