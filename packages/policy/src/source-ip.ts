import { parseIpAddress, parseIpNetwork } from '@gatewright/core'
import type { Policy } from '@gatewright/core'
import { allowed, denied } from './policy.ts'

/**
 * Allows requests that come from one of the networks.
 *
 * The address is the one that the adapter vouches for: the socket's peer, unless it was told which proxies to trust. A request
 * whose address is unknown is denied. An IPv4 network also has the IPv4-mapped IPv6 spelling of its addresses.
 *
 * @throws {TypeError} when there is no network, or one is not written plainly
 * @example
 * ```ts
 * sourceIp(['10.0.0.0/8', '2001:db8::/32'])
 * ```
 */
export function sourceIp(networks: readonly string[]): Policy {
  if (networks.length === 0) throw new TypeError('sourceIp needs at least one network')
  const parsed = networks.map((network) => parseIpNetwork(network))
  const rule = `sourceIp(${networks.join(', ')})`
  return ({ source }) => {
    const address = source.ip === undefined ? undefined : parseIpAddress(source.ip)
    if (address === undefined) return denied(rule, 'the address of the request is not known')
    return parsed.some((network) => network.has(address))
      ? allowed
      : denied(rule, 'the request comes from another network')
  }
}
