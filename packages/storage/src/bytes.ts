import { encodeBase64url } from './base64url.ts'

// What the memory storage does with bytes. bytes.node.ts does the same by Node's own means.

/** Creates so many bytes, all zero. */
export function createBytes(length: number): Uint8Array {
  return new Uint8Array(length)
}

/** The text whose characters are some bytes. */
export function narrowText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  // In pieces: a call takes only so many arguments.
  for (let from = start; from < end; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, Math.min(from + 8192, end)))
  return text
}

/** Writes a text as a byte for each character; none may be above U+00FF. */
export function writeNarrow(text: string, into: Uint8Array, at: number): void {
  for (let index = 0; index < text.length; index++) into[at + index] = text.charCodeAt(index)
}

/** The base64url text of some bytes. */
export function digestText(bytes: Uint8Array, start: number, end: number): string {
  return encodeBase64url(bytes.subarray(start, end))
}
