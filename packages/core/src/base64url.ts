import { textOf } from './text-of.ts'

/** Encodes bytes as base64url without padding. @see [RFC 4648 §5](https://www.rfc-editor.org/rfc/rfc4648.html#section-5) */
export function encodeBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Encodes a text in UTF-8 as base64url without padding. */
export function encodeTextBase64url(text: string): string {
  return encodeBase64url(new TextEncoder().encode(text))
}

/**
 * Decodes base64url without padding, or gives `undefined` when the text is not exactly that.
 *
 * Only the canonical spelling is accepted, so that one value has one form.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return encodeBase64url(bytes) === text ? bytes : undefined
}

/** Decodes base64url without padding into the text that it has in UTF-8, or gives `undefined` when it is not exactly that. */
export function decodeTextBase64url(text: string): string | undefined {
  const bytes = decodeBase64url(text)
  return bytes && textOf(bytes)
}
