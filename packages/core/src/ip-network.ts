import { parseIpAddress } from './ip-address.ts'
import type { IpAddress } from './ip-address.ts'

/** A network in CIDR notation, ready to be compared with. */
export interface IpNetwork {
  readonly text: string
  has(address: IpAddress): boolean
}

/**
 * Reads a network in CIDR notation; an address alone is a network of one.
 *
 * @throws {TypeError} for every sloppy spelling: a rule that is read otherwise than it was meant lets the wrong people in
 * @see [RFC 4632 §3.1 - Basic Concept and Prefix Notation](https://www.rfc-editor.org/rfc/rfc4632.html#section-3.1)
 */
export function parseIpNetwork(text: string): IpNetwork {
  const refuse = (why: string) => new TypeError(`"${text}" is not a network: ${why}`)
  const [address = '', prefix, ...rest] = text.split('/')
  const base = parseIpAddress(address)
  if (base === undefined || rest.length > 0) throw refuse('write it as 10.0.0.0/8 or 2001:db8::/32')
  const bits = base.length * 8
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix))
    throw refuse('the prefix must be a plain number')
  if (prefix !== undefined && address.includes(':') && base.length === 4)
    throw refuse('write an IPv4 network as IPv4')
  const length = prefix === undefined ? bits : Number(prefix)
  if (length > bits) throw refuse(`the prefix may be at most ${bits}`)
  const mask = base.map((_byte, index) => 255 & ~(255 >> Math.min(8, Math.max(0, length - index * 8))))
  if (base.some((byte, index) => (byte & ~(mask[index] ?? 0)) !== 0))
    throw refuse('bits are set beyond the prefix')
  return {
    text,
    has: (candidate) =>
      candidate.length === base.length &&
      base.every((byte, index) => byte === ((candidate[index] ?? -1) & (mask[index] ?? 0))),
  }
}
