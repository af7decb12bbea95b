/** One value of the distinguished encoding rules. */
export interface DerValue {
  readonly kind: number
  readonly content: Uint8Array
}

/**
 * Splits bytes into the values that they hold, one after the other; `undefined` unless they are exactly that.
 *
 * Only what certificates contain is read: tags of one byte, and lengths in their shortest form.
 *
 * @see [ITU-T X.690 §10.1 - Length forms](https://www.itu.int/rec/T-REC-X.690)
 */
export function readDer(bytes: Uint8Array): readonly DerValue[] | undefined {
  const values: DerValue[] = []
  let at = 0
  while (at < bytes.length) {
    const kind = bytes[at] ?? 0
    const head = readLength(bytes, at + 1)
    if ((kind & 0x1f) === 0x1f || head === undefined) return undefined
    const end = head.start + head.length
    if (end > bytes.length) return undefined
    values.push({ kind, content: bytes.subarray(head.start, end) })
    at = end
  }
  return values
}

function readLength(bytes: Uint8Array, at: number): { start: number; length: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first < 0x80) return { start: at + 1, length: first }
  const size = first & 0x7f
  if (size === 0 || size > 3 || at + size >= bytes.length) return undefined
  const length = bytes.subarray(at + 1, at + 1 + size).reduce((sum, byte) => sum * 256 + byte, 0)
  // The same certificate in two encodings would be two certificates.
  const shortest = length >= 0x80 && length >= 256 ** (size - 1)
  return shortest ? { start: at + 1 + size, length } : undefined
}
