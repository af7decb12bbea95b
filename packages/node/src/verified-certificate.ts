import type { NodeRequest } from './node-messages.ts'

const known = new WeakMap<object, string | undefined>()

/**
 * The client's certificate in PEM, when the TLS socket asked for one and could verify its chain.
 *
 * A certificate that did not verify says nothing: anyone can make one with the same subject.
 *
 * @see [RFC 8705 §2.1 - PKI Mutual-TLS Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1)
 */
export function verifiedCertificate({ socket }: NodeRequest): string | undefined {
  if (!('authorized' in socket) || socket.authorized !== true) return undefined
  if (!known.has(socket)) known.set(socket, socket.getPeerX509Certificate()?.toString())
  return known.get(socket)
}
