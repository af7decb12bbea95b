/** An address as its bytes: 4 for IPv4, 16 for IPv6. An IPv4-mapped IPv6 address is its IPv4 address. */
export type IpAddress = readonly number[]

/**
 * Reads an address, or gives `undefined` for anything but its plain spelling: no leading zeros, no zone, no port, no brackets.
 *
 * @see [RFC 4291 §2.2 - Text Representation of Addresses](https://www.rfc-editor.org/rfc/rfc4291.html#section-2.2)
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > 45) return undefined
  const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text)
  const mapped =
    bytes?.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 &&
    bytes[11] === 255
  return mapped ? bytes.slice(12) : bytes
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined
  const bytes = parts.map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : parseGroups(half.split(':'))))
  if (head === undefined) return undefined
  if (halves.length === 1) return head.length === 16 ? head : undefined
  // `::` stands for one group of zeros at least.
  if (tail === undefined || head.length + tail.length > 14) return undefined
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail]
}

function parseGroups(groups: readonly string[]): number[] | undefined {
  const bytes: number[] = []
  for (const [index, group] of groups.entries()) {
    const dotted = index === groups.length - 1 && group.includes('.') ? parseIpv4(group) : undefined
    if (dotted !== undefined) bytes.push(...dotted)
    else if (/^[\da-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255)
    else return undefined
  }
  return bytes
}
