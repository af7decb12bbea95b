import type { ClientAuthenticationMethod } from './client-authentication-method.ts'
import { verifySecret } from './verify-secret.ts'

/**
 * The client's secret in the form, as `client_secret`.
 *
 * @see [RFC 6749 §2.3.1 - Client Password](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1)
 */
export function clientSecretPost(): ClientAuthenticationMethod {
  return {
    name: 'client_secret_post',
    detect(_headers, parameters) {
      const clientId = parameters.get('client_id')
      const secret = parameters.get('client_secret')
      return clientId === undefined || secret === undefined
        ? undefined
        : { candidates: [{ clientId, secret }] }
    },
    verify: ({ secret }, client, server) => verifySecret(client, secret, server.now()),
  }
}
