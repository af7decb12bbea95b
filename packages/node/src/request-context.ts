import type { RequestContext } from '@gatewright/core'
import { clientAddress } from './client-address.ts'
import { isVerified, presentedCertificate, verifiedCertificate } from './peer-certificate.ts'
import type { NodeListenerOptions } from './node-listener-options.ts'
import type { NodeRequest } from './node-messages.ts'

/** Makes the context of a request out of its connection. */
export function requestContexts({
  trustedProxies = [],
  clientCertificate = verifiedCertificate,
  certificateVerified = [verifiedCertificate, presentedCertificate].includes(clientCertificate)
    ? isVerified
    : () => false,
  requestId,
}: NodeListenerOptions): (incoming: NodeRequest) => RequestContext {
  const addressOf = clientAddress(trustedProxies)
  return (incoming) => {
    const forwardedFor = trustedProxies.length === 0 ? undefined : incoming.headers['x-forwarded-for']
    const ip = addressOf(incoming.socket.remoteAddress, forwardedFor?.toString())
    const certificate = clientCertificate(incoming)
    const context: { -readonly [Name in keyof RequestContext]: RequestContext[Name] } = {}
    if (ip !== undefined) context.ip = ip
    if (certificate !== undefined) {
      context.clientCertificate = certificate
      context.certificateVerified = certificateVerified(incoming)
    }
    if (requestId !== undefined) context.requestId = requestId(incoming)
    return context
  }
}
