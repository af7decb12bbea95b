import type { ClientAuthenticationMethod } from './client-authentication-method.ts'

/**
 * A public client: it names itself by `client_id` and proves nothing; PKCE ties its requests together.
 *
 * @see [RFC 6749 §3.2.1 - Client Authentication](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1)
 */
export function none(): ClientAuthenticationMethod {
  return {
    name: 'none',
    detect(headers, parameters) {
      const clientId = parameters.get('client_id')
      // An empty client_secret counts as omitted: some libraries always send the field.
      if (clientId === undefined || parameters.get('client_secret') !== undefined) return undefined
      if (parameters.get('client_assertion') !== undefined || headers.has('authorization')) return undefined
      return { candidates: [{ clientId }] }
    },
    verify: async () => true,
  }
}
