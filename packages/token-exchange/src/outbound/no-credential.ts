import type { OutboundAuthorization } from './outbound-authorization.ts'

/** Shows the upstream nothing: it is open, or the network decides. */
export function noCredential(): OutboundAuthorization {
  return { perCaller: false, credential: () => ({ headers: {} }) }
}
