import type { IpAddress } from './ip-address.ts'
import { parseIpNetwork } from './ip-network.ts'
import type { IpNetwork } from './ip-network.ts'

/** What an address leads to: the internet, this machine, or something inside that nobody outside should reach. */
export type AddressKind = 'public' | 'loopback' | 'special'

const loopback = ['127.0.0.0/8', '::1']

// The IANA registries of special-purpose addresses, RFC 6890 §2.2, with those that were added since.
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // A platform service of Azure that answers every virtual machine there, though the address is public.
  '168.63.129.16/32',
]

// Only this block is assigned to the internet, so loopback, unique local, link-local, multicast, IPv4-compatible and the local
// NAT64 prefix are out without being named.
const assignedIpv6 = ['2000::/3']
const specialIpv6 = [
  // Teredo, ORCHID, benchmarking and the rest of the IETF's block.
  '2001::/23',
  '2001:db8::/32',
  // 6to4 carries an IPv4 address, any of them; nothing on the internet is reached by it any more (RFC 7526 §4).
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
]
// Behind a NAT64 every IPv4 host has such an address, so what counts is the one inside.
const nat64 = ['64:ff9b::/96']

/**
 * Tells a public address from those that are only reachable from inside.
 *
 * An IPv4 address inside an IPv6 one counts as what it leads to. Only the plain loopback addresses are `loopback`.
 *
 * @see [RFC 6890 §2.2 - Information Requirements](https://www.rfc-editor.org/rfc/rfc6890.html#section-2.2)
 */
export function addressKind(address: IpAddress): AddressKind {
  if (isIn(loopback, address)) return 'loopback'
  if (address.length === 4) return isIn(specialIpv4, address) ? 'special' : 'public'
  if (isIn(nat64, address)) return addressKind(address.slice(12)) === 'public' ? 'public' : 'special'
  return isIn(assignedIpv6, address) && !isIn(specialIpv6, address) ? 'public' : 'special'
}

const parsed = new Map<string, IpNetwork>()

/** Whether an address is in one of some networks, which are read when they are first asked for: most programs never do. */
function isIn(networks: readonly string[], address: IpAddress): boolean {
  return networks.some((text) => {
    const network = parsed.get(text) ?? parseIpNetwork(text)
    parsed.set(text, network)
    return network.has(address)
  })
}
