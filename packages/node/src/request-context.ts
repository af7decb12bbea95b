import type { RequestContext } from '@gatewright/core'
import { clientAddress } from './client-address.ts'
import { verifiedCertificate } from './verified-certificate.ts'
import type { NodeListenerOptions } from './node-listener-options.ts'
import type { NodeRequest } from './node-messages.ts'

/** Makes the context of a request out of its connection. */
export function requestContexts({
  trustedProxies = [],
  clientCertificate = verifiedCertificate,
  requestId,
}: NodeListenerOptions): (incoming: NodeRequest) => RequestContext {
  const addressOf = clientAddress(trustedProxies)
  return (incoming) => {
    const forwardedFor = trustedProxies.length === 0 ? undefined : incoming.headers['x-forwarded-for']
    const ip = addressOf(incoming.socket.remoteAddress, forwardedFor?.toString())
    const certificate = clientCertificate(incoming)
    const context: { -readonly [Name in keyof RequestContext]: RequestContext[Name] } = {}
    if (ip !== undefined) context.ip = ip
    if (certificate !== undefined) context.clientCertificate = certificate
    if (requestId !== undefined) context.requestId = requestId(incoming)
    return context
  }
}
