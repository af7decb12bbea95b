import { parseIpAddress } from '@gatewright/core'

/**
 * What requests of one origin are counted under: an IPv4 address, or the /64 that an IPv6 address is in.
 *
 * One customer has a whole /64, so counting single addresses would count nothing. All unknown addresses are one origin.
 *
 * @see [RFC 4291 §2.5.4 - Global Unicast Addresses](https://www.rfc-editor.org/rfc/rfc4291.html#section-2.5.4)
 */
export function addressBucket(ip: string | undefined): string {
  const address = ip === undefined ? undefined : parseIpAddress(ip)
  if (address === undefined) return 'unknown'
  return address.length === 4 ? address.join('.') : `${address.slice(0, 8).join('.')}/64`
}
