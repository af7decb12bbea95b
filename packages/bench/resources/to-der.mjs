/** An ECDSA signature of R and S as DER, which Node 24 verifies faster. */
export function toDer(raw) {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((digits) => {
    let start = 0
    while (start < 31 && digits[start] === 0) start++
    const number = digits[start] >= 0x80 ? [0, ...digits.subarray(start)] : [...digits.subarray(start)]
    return [2, number.length, ...number]
  })
  const body = integers.flat()
  return Buffer.from([0x30, body.length, ...body])
}
