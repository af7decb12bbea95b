// RFC 5280 §4: https://www.rfc-editor.org/rfc/rfc5280.html#section-4
import { certificateDer, certificateNames, parseIpAddress } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { readDer } from '../src/read-der.ts'
import { namedCertificate, plainCertificate } from './support/certificates.ts'

const toPem = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${btoa(String.fromCharCode(...der))}\n-----END CERTIFICATE-----`

describe('the names in a certificate', () => {
  it('are its subject, the most specific part first, and its alternative names', () => {
    expect(certificateNames(namedCertificate)).toEqual({
      subject: String.raw`CN=reports,OU=Night\+Day,O=Acme\, Büro GmbH,C=DE`,
      dns: ['reports.example.com', '*.example.com'],
      uris: ['https://reports.example.com/app'],
      emails: ['reports@example.com'],
      ips: [parseIpAddress('192.0.2.7'), parseIpAddress('2001:db8::7')],
    })
    const none = { dns: [], uris: [], emails: [], ips: [] }
    expect(certificateNames(plainCertificate)).toEqual({ subject: 'CN=reports', ...none })
  })

  it('are those of the first certificate of a chain', () => {
    expect(certificateNames(`${plainCertificate}\n${namedCertificate}`)?.subject).toBe('CN=reports')
  })

  it.each([undefined, '', 'certificate', toPem(Uint8Array.of(0x30)), toPem(Uint8Array.of(0x30, 0))])(
    'are not there in %j',
    (text) => {
      expect(certificateNames(text)).toBeUndefined()
    },
  )

  it('are read of the whole certificate or not at all, whatever is missing or behind it', () => {
    const der = certificateDer(namedCertificate) ?? new Uint8Array()
    for (let length = 0; length < der.length; length++)
      expect(certificateNames(toPem(der.subarray(0, length)))).toBeUndefined()
    expect(certificateNames(toPem(Uint8Array.of(...der, 0x05, 0x00)))).toBeUndefined()
  })

  it('never make the reader throw, whichever byte is another', () => {
    const der = certificateDer(namedCertificate) ?? new Uint8Array()
    for (let at = 0; at < der.length; at++)
      for (const byte of [0x00, 0x1f, 0x80, 0x84, 0xff]) {
        const changed = Uint8Array.from(der)
        changed[at] = byte
        expect(() => certificateNames(toPem(changed))).not.toThrow()
      }
  })
})

describe('the distinguished encoding rules', () => {
  it.each([
    ['a length beyond the end', [0x04, 0x02, 0x00]],
    ['no length', [0x04]],
    ['an indefinite length', [0x30, 0x80, 0x00, 0x00]],
    ['a long form that a short one would do for', [0x04, 0x81, 0x01, 0x00]],
    ['a length with a zero in front', [0x04, 0x82, 0x00, 0x80, ...Array.from({ length: 128 }, () => 0)]],
    ['a tag of several bytes', [0x1f, 0x81, 0x00, 0x00]],
  ])('do not have %s', (_what, bytes) => {
    expect(readDer(Uint8Array.from(bytes))).toBeUndefined()
  })

  it('have a long form for 128 bytes and more', () => {
    const content = Array.from({ length: 128 }, () => 7)
    expect(readDer(Uint8Array.from([0x04, 0x81, 0x80, ...content]))?.[0]?.content).toHaveLength(128)
  })
})
