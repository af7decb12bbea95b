/**
 * Mounts a Gatewright handler on the HTTP servers of Node.
 *
 * @module @gatewright/node
 */
export { toNodeListener } from './to-node-listener.ts'
export type { NodeListener } from './to-node-listener.ts'
export type { NodeListenerOptions } from './node-listener-options.ts'
export type { NodeRequest, NodeResponse } from './node-messages.ts'
export { presentedCertificate } from './peer-certificate.ts'
export { clientAddress } from './client-address.ts'
