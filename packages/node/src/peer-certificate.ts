import type { NodeRequest } from './node-messages.ts'

const known = new WeakMap<object, string | undefined>()

/** Whether the TLS socket asked for a certificate of the client and could verify its chain. */
export function isVerified({ socket }: NodeRequest): boolean {
  return 'authorized' in socket && socket.authorized === true
}

/**
 * The client's certificate in PEM, when the TLS socket asked for one and could verify its chain.
 *
 * A certificate that did not verify says nothing: anyone can make one with the same subject.
 *
 * @see [RFC 8705 §2.1 - PKI Mutual-TLS Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1)
 */
export function verifiedCertificate(request: NodeRequest): string | undefined {
  return isVerified(request) ? presentedCertificate(request) : undefined
}

/**
 * The client's certificate in PEM, whoever signed it: for clients whose very certificate is registered. The names in it say nothing.
 *
 * Let the TLS server ask for it with `requestCert: true, rejectUnauthorized: false`.
 *
 * @see [RFC 8705 §2.2 - Self-Signed Certificate Mutual-TLS Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2)
 */
export function presentedCertificate({ socket }: NodeRequest): string | undefined {
  if (!('getPeerX509Certificate' in socket)) return undefined
  if (!known.has(socket)) known.set(socket, socket.getPeerX509Certificate()?.toString())
  return known.get(socket)
}
