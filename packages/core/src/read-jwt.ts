import { decodeBase64url } from '#platform'

/** A compact JWT taken apart. Nothing of it is verified. */
export interface ReadJwt {
  /** The header as it is written: two tokens with one text have one header. */
  readonly headerText: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** What the signature is over. */
  readonly signed: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Takes a signed JWT apart, or gives `undefined` for what is none. Only the canonical base64url of each part counts.
 *
 * Neither the signature nor any claim is checked.
 *
 * @see [RFC 7515 §7.1 - JWS Compact Serialization](https://www.rfc-editor.org/rfc/rfc7515.html#section-7.1)
 */
export function readJwt(token: string): ReadJwt | undefined {
  const [headerText = '', claimsText = '', signatureText = '', ...more] = token.split('.')
  if (more.length > 0 || signatureText === '') return undefined
  const header = readObject(headerText)
  const claims = readObject(claimsText)
  const signature = decodeBase64url(signatureText)
  if (header === undefined || claims === undefined || signature === undefined) return undefined
  return { headerText, header, claims, signed: encoder.encode(`${headerText}.${claimsText}`), signature }
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodeBase64url(text)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
