/** The 32 bits of an IPv4 address that is known to be one. */
export function ipv4Bits(address: string): bigint {
  return address.split('.').reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n)
}

/** The 128 bits of an IPv6 address that is known to be one, or `undefined` where a zone id follows. */
export function ipv6Bits(address: string): bigint | undefined {
  if (address.includes('%')) return undefined
  const tail = /\d+\.\d+\.\d+\.\d+$/.exec(address)?.[0]
  const plain =
    tail === undefined
      ? address
      : address.slice(0, -tail.length) +
        (ipv4Bits(tail) >> 16n).toString(16) +
        ':' +
        (ipv4Bits(tail) & 0xffffn).toString(16)
  const [left = [], right = []] = plain
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n)
}
