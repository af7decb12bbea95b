import { certificateDer } from './certificate-der.ts'
import { distinguishedName } from './distinguished-name.ts'
import type { IpAddress } from './ip-address.ts'
import { readDer } from './read-der.ts'
import type { DerValue } from './read-der.ts'

/** Whom a certificate names. */
export interface CertificateNames {
  /** The subject as RFC 4514 §2 writes it; `undefined` when it is empty, or written in a way that is not read. */
  readonly subject: string | undefined
  /** Its alternative names, as they stand there. */
  readonly dns: readonly string[]
  readonly uris: readonly string[]
  readonly emails: readonly string[]
  readonly ips: readonly IpAddress[]
}

const subjectAlternativeName = '551d11'
const sequence = 0x30
const [emailKind, dnsKind, uriKind, ipKind] = [0x81, 0x82, 0x86, 0x87]

/**
 * Whom a certificate in PEM names, or `undefined` when it is none. Of a chain, the first certificate counts.
 *
 * Nothing about the certificate is checked, so anybody can have written the names: first make sure that its chain was verified.
 *
 * @see [RFC 5280 §4.2.1.6 - Subject Alternative Name](https://www.rfc-editor.org/rfc/rfc5280.html#section-4.2.1.6)
 */
export function certificateNames(certificate: string | undefined): CertificateNames | undefined {
  const der = certificateDer(certificate)
  const [whole, surplus] = (der && readDer(der)) ?? []
  if (whole === undefined || surplus !== undefined) return undefined
  const [toBeSigned] = inside(whole) ?? []
  const fields = (inside(toBeSigned) ?? []).filter(({ kind }) => kind !== 0xa0)
  // Serial number, algorithm, issuer, validity, subject, key, and then what is optional.
  const [, , , , subject, key, ...others] = fields
  if (subject === undefined || key === undefined) return undefined
  const names = alternativeNames(others.find(({ kind }) => kind === 0xa3))
  if (names === undefined) return undefined
  const texts = (wanted: number) =>
    names.filter(({ kind }) => kind === wanted).map(({ content }) => String.fromCharCode(...content))
  return {
    subject: distinguishedName(subject),
    dns: texts(dnsKind),
    uris: texts(uriKind),
    emails: texts(emailKind),
    ips: names.filter(({ kind }) => kind === ipKind).map(({ content }) => [...content]),
  }
}

/** The values in a sequence; `undefined` for everything else. */
function inside(value: DerValue | undefined): readonly DerValue[] | undefined {
  return value?.kind === sequence ? readDer(value.content) : undefined
}

function alternativeNames(extensions: DerValue | undefined): readonly DerValue[] | undefined {
  if (extensions === undefined) return []
  const [list] = readDer(extensions.content) ?? []
  const found = (inside(list) ?? [])
    .map((extension) => inside(extension) ?? [])
    .filter(([id]) => id?.kind === 0x06 && hex(id.content) === subjectAlternativeName)
  // RFC 5280 §4.2: an extension stands there once. Of two, one could be meant for another reader.
  if (found.length > 1) return undefined
  const content = found[0]?.at(-1)?.content
  if (content === undefined) return []
  const [names] = readDer(content) ?? []
  return inside(names)
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
