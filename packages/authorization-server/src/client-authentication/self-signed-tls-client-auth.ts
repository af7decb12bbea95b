import { certificateDer } from '@gatewright/core'
import { clientKeysOf } from '../clients/client-keys.ts'
import { bareClientId } from './bare-client-id.ts'
import type { ClientAuthenticationMethod } from './client-authentication-method.ts'

/**
 * A client shows a TLS certificate that is among its keys: as the first of `x5c`, in `jwks` or behind `jwks_uri`.
 *
 * The TLS handshake has proven that it holds the private key. Who signed the certificate, and whether it has expired, does not
 * matter: it is registered. The adapter must hand in certificates that did not verify, too.
 *
 * @see [RFC 8705 §2.2 - Self-Signed Certificate Mutual-TLS Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2)
 */
export function selfSignedTlsClientAuth(): ClientAuthenticationMethod {
  return {
    name: 'self_signed_tls_client_auth',
    isImplicit: true,
    detect(headers, parameters, { clientCertificate }) {
      const clientId = bareClientId(headers, parameters)
      if (clientId === undefined || clientCertificate === undefined) return undefined
      return { candidates: [{ clientId, secret: clientCertificate }] }
    },
    async verify({ secret }, client, server) {
      const der = certificateDer(secret)
      if (der === undefined) return 'the certificate is not in PEM'
      const shown = btoa(String.fromCharCode(...der))
      const keys = await clientKeysOf(server).find(client, undefined)
      const isRegistered = keys.some(({ x5c }) => Array.isArray(x5c) && x5c[0] === shown)
      return isRegistered || 'the certificate is not the first x5c of a key of the client'
    },
  }
}
