/**
 * Reduces a text to the characters that a quoted header parameter and `error_description` may carry.
 *
 * Every other character becomes `?`, and a quote an apostrophe, so that no value can end its quotes, split a header or make a
 * `Response` constructor throw.
 */
export function quotableAscii(text: string): string {
  // RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E
  return text.replaceAll('"', "'").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
