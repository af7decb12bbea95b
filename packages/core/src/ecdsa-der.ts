// Node 24 makes and checks ECDSA signatures as R and S in twice the time that it takes for DER, which the two are rewritten from and
// to here.

/** R and S, in `size` bytes together, of a signature in DER that our own library has made. */
export function rawOf(der: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const raw = new Uint8Array(size)
  const half = size / 2
  // A sequence of two integers; its length takes a second byte from 128 on.
  let at = der[1] === 0x81 ? 3 : 2
  for (const end of [half, size]) {
    const start = at + 2
    at = start + (der[at + 1] ?? 0)
    // A leading zero says that a number is positive; shorter numbers are filled up from the left.
    const digits = der.subarray(Math.max(start, at - half), at)
    raw.set(digits, end - digits.length)
  }
  return raw
}

/**
 * DER of R and S that stand one after the other, each in half of the bytes.
 *
 * @param memory where it is written, from its end on: nine bytes more than R and S have are always enough
 */
export function derOf(raw: Uint8Array, memory: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const half = raw.length / 2
  const middle = writeInteger(raw, half, raw.length, memory, memory.length)
  let at = writeInteger(raw, 0, half, memory, middle)
  const length = memory.length - at
  memory[--at] = length
  if (length >= 128) memory[--at] = 0x81
  memory[--at] = 0x30
  return memory.subarray(at)
}

/** Writes the number of some digits so that it ends there, in the shortest form that is not negative, and says where it begins. */
function writeInteger(digits: Uint8Array, from: number, to: number, memory: Uint8Array, end: number): number {
  let first = from
  while (first < to - 1 && digits[first] === 0) first++
  let at = end
  for (let digit = to - 1; digit >= first; digit--) memory[--at] = digits[digit] ?? 0
  if ((digits[first] ?? 0) >= 0x80) memory[--at] = 0
  memory[at - 1] = end - at
  memory[at - 2] = 0x02
  return at - 2
}
