import { ArgumentError } from './argument-error.ts'

// What frames the message, says where it comes from, or what a proxy makes of it; and what credentials travel in.
const withheld =
  /^(?:host|authorization|cookie2?|set-cookie2?|content-.*|transfer-encoding|te|trailer|connection|keep-alive|upgrade|expect|via|forwarded|x-forwarded-.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override|proxy-.*|sec-.*|mcp-.*|origin|referer|accept|accept-encoding|accept-charset|user-agent|dpop|early-data|range|max-forwards|http2-settings|:.*)$/i

/** Whether a document, or a caller, may never set a header. */
export function isWithheldHeader(name: string): boolean {
  return withheld.test(name) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)
}

/**
 * A value as it may stand in a header.
 *
 * @throws {ArgumentError} when it is no text, number, truth value or list of them, or has characters that end a header
 */
export function headerValue(name: string, value: unknown): string {
  const text = (Array.isArray(value) ? value : [value])
    .map((item) => {
      if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean')
        throw new ArgumentError(`${name} must be a text or a number`)
      return String(item)
    })
    .join(',')
  // RFC 9110 §5.5: a line break would begin another header.
  if (!/^[\x20-\x7e]{0,4096}$/.test(text))
    throw new ArgumentError(`${name} must have at most 4096 characters of ASCII, and no line breaks`)
  return text
}
