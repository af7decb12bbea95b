import { decodeBase64url, decodeTextBase64url } from '#platform'

/** A compact JWT taken apart. Nothing of it is verified. */
export interface ReadJwt {
  /** The header as it is written: two tokens with one text have one header. */
  readonly headerText: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** What the signature is over, in UTF-8. */
  readonly signed: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** The header that was read last: all tokens that are signed with one key have the same. It is shared, so it is frozen. */
let last: Pick<ReadJwt, 'headerText' | 'header'> | undefined

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
  const header = headerText === last?.headerText ? last.header : readHeader(headerText)
  const claims = readObject(claimsText)
  const signature = decodeBase64url(signatureText)
  if (header === undefined || claims === undefined || signature === undefined) return undefined
  return { headerText, header, claims, signed: token.slice(0, -signatureText.length - 1), signature }
}

function readHeader(headerText: string): ReadJwt['header'] | undefined {
  const header = readObject(headerText)
  // What is in it could be nested as deep as the token is long, and would have to be frozen as well.
  if (header !== undefined && Object.values(header).every((value) => typeof value !== 'object'))
    last = { headerText, header: Object.freeze(header) }
  return header
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const json = decodeTextBase64url(text)
  if (json === undefined) return undefined
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
