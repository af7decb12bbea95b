import { isIPv4, isIPv6 } from 'node:net'
import { ipv6Bits } from './ip-bits.ts'
import { parseTrustedProxies } from './trusted-proxies.ts'

/**
 * Decides which address a request came from: the socket's peer, or what trusted proxies say about it.
 *
 * `forwardedFor` is the value of `X-Forwarded-For`, all its lines joined. It is read from right to left, since each proxy appends
 * the address that it saw and everything further left is the client's own word. `undefined` means unknown: no peer address (a
 * Unix socket), a trusted proxy that named none, or an entry that is no address.
 *
 * Only `X-Forwarded-For` is read, never `Forwarded`, `X-Real-IP` or a vendor's header.
 *
 * @throws {TypeError} when a range is not written plainly
 * @example
 * ```ts
 * const addressOf = clientAddress(['10.0.0.0/8'])
 * addressOf('10.0.0.7', '203.0.113.9, 198.51.100.4') // '198.51.100.4'
 * addressOf('198.51.100.4', '203.0.113.9') // '198.51.100.4': the peer is no trusted proxy
 * ```
 */
export function clientAddress(
  trustedProxies: readonly string[],
): (peer: string | undefined, forwardedFor: string | undefined) => string | undefined {
  const trusted = parseTrustedProxies(trustedProxies)
  const isTrusted = (address: string) => trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
  return (peer, forwardedFor) => {
    // Only the operating system knows zone ids, and the address is the same on each link.
    const socket =
      peer === undefined ? undefined : parseAddress(peer.includes('%') ? peer.replace(/%.*$/, '') : peer)
    if (trustedProxies.length === 0 || socket === undefined || !isTrusted(socket)) return socket
    let address: string | undefined
    for (const hop of (forwardedFor ?? '').split(',').toReversed()) {
      address = parseHop(hop)
      if (address === undefined || !isTrusted(address)) return address
    }
    return address
  }
}

// Some proxies append the port: 192.0.2.1:4711 or [2001:db8::1]:4711.
function parseHop(hop: string): string | undefined {
  const text = hop.replace(/^[\t ]+|[\t ]+$/g, '')
  const withPort = /^\[([^\]]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text)
  return parseAddress(withPort?.[1] ?? withPort?.[2] ?? text)
}

// One spelling per address: IPv4 also where it is mapped into IPv6, IPv6 in its canonical form. Not `SocketAddress`: on Bun it keeps
// the spelling, and a rule about an address would not meet its other spellings.
function parseAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
  const bits = isIPv6(text) ? ipv6Bits(text) : undefined
  if (bits === undefined) return undefined
  if (bits >> 32n !== 0xffffn) return new URL(`http://[${text}]`).hostname.slice(1, -1)
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.')
}
