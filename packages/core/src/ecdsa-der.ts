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

/** DER of R and S that stand one after the other, each in half of the bytes. */
export function derOf(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = raw.length / 2
  const numbers = [integerOf(raw.subarray(0, half)), integerOf(raw.subarray(half))]
  const length = numbers.reduce((sum, number) => sum + number.length, 0)
  const head = length < 128 ? [0x30, length] : [0x30, 0x81, length]
  const der = new Uint8Array(head.length + length)
  der.set(head)
  let at = head.length
  for (const number of numbers) {
    der.set(number, at)
    at += number.length
  }
  return der
}

function integerOf(digits: Uint8Array): Uint8Array {
  let start = 0
  while (start < digits.length - 1 && digits[start] === 0) start++
  const positive = (digits[start] ?? 0) >= 0x80 ? 1 : 0
  const length = digits.length - start + positive
  const integer = new Uint8Array(2 + length)
  integer[0] = 0x02
  integer[1] = length
  integer.set(digits.subarray(start), 2 + positive)
  return integer
}
