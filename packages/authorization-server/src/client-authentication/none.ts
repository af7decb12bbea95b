import { bareClientId } from './bare-client-id.ts'
import type { ClientAuthenticationMethod } from './client-authentication-method.ts'

/**
 * A public client: it names itself by `client_id` and proves nothing; PKCE ties its requests together.
 *
 * @see [RFC 6749 §3.2.1 - Client Authentication](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1)
 */
export function none(): ClientAuthenticationMethod {
  return {
    name: 'none',
    isImplicit: true,
    detect(headers, parameters) {
      const clientId = bareClientId(headers, parameters)
      return clientId === undefined ? undefined : { candidates: [{ clientId }] }
    },
    verify: async () => true,
  }
}
