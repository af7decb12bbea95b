import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { ipv4Bits, ipv6Bits } from './ip-bits.ts'

/**
 * Parses addresses and CIDR ranges of reverse proxies.
 *
 * @throws {TypeError} for anything but the plain form: host bits below the prefix, leading zeros, spaces, zone ids, IPv4-mapped
 * IPv6, and the prefix 0, with which every client could name its own address
 */
export function parseTrustedProxies(ranges: readonly string[]): BlockList {
  const trusted = new BlockList()
  for (const range of ranges) {
    const { address, prefix, family } = parseRange(range)
    trusted.addSubnet(address, prefix, family)
  }
  return trusted
}

function parseRange(range: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } {
  const [address = '', prefixText, ...rest] = range.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const width = family === 'ipv4' ? 32 : 128
  const bits = family === 'ipv4' ? ipv4Bits(address) : isIPv6(address) ? ipv6Bits(address) : undefined
  const prefix = prefixText === undefined ? width : /^[1-9]\d{0,2}$/.test(prefixText) ? Number(prefixText) : 0
  if (rest.length > 0 || bits === undefined || prefix < 1 || prefix > width)
    throw new TypeError(
      `trustedProxies: "${range}" is no address and no CIDR range with a prefix of at least 1`,
    )
  if (BigInt.asUintN(width - prefix, bits) !== 0n)
    throw new TypeError(`trustedProxies: "${range}" has host bits below its prefix`)
  if (family === 'ipv6' && bits >> 32n === 0xffffn)
    throw new TypeError(`trustedProxies: write "${range}" as an IPv4 range`)
  return { address, prefix, family }
}
