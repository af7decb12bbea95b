import { Buffer } from 'node:buffer'

/** What bytes.ts does; the bytes read themselves as text, without a view on them for each. */
export function createBytes(length: number): Uint8Array {
  return Buffer.alloc(length)
}

/** What bytes.ts does, for bytes that `createBytes` made. */
export function narrowText(bytes: Uint8Array, start: number, end: number): string {
  return (bytes as Buffer).toString('latin1', start, end)
}

/** What bytes.ts does, for bytes that `createBytes` made. */
export function writeNarrow(text: string, into: Uint8Array, at: number): void {
  ;(into as Buffer).write(text, at, 'latin1')
}

/** What bytes.ts does, for bytes that `createBytes` made. */
export function digestText(bytes: Uint8Array, start: number, end: number): string {
  return (bytes as Buffer).toString('base64url', start, end)
}
