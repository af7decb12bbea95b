import { certificateNames, parseIpAddress } from '@gatewright/core'
import type { CertificateNames } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { tlsSubjectOf } from '../clients/tls-subject.ts'
import { bareClientId } from './bare-client-id.ts'
import type { ClientAuthenticationMethod } from './client-authentication-method.ts'

/**
 * A client shows a TLS certificate that an authority issued to it: to the one name that the client is registered with.
 *
 * The authority is whichever the TLS server trusts. A certificate whose chain nobody verified does not count. A subject is compared
 * as text, in the form of RFC 4514 §2, the other names as they stand in the certificate.
 *
 * @see [RFC 8705 §2.1 - PKI Mutual-TLS Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1)
 */
export function tlsClientAuth(): ClientAuthenticationMethod {
  return {
    name: 'tls_client_auth',
    isImplicit: true,
    detect(headers, parameters, { clientCertificate, certificateVerified }) {
      const clientId = bareClientId(headers, parameters)
      // Anybody can write a certificate with the same names.
      if (clientId === undefined || clientCertificate === undefined || certificateVerified !== true)
        return undefined
      return { candidates: [{ clientId, secret: clientCertificate }] }
    },
    async verify({ secret }, client) {
      const names = certificateNames(secret)
      if (names === undefined) return 'the certificate cannot be read'
      return (
        isNamed(names, client) || `the certificate is for ${names.subject ?? 'another name'}`.slice(0, 256)
      )
    },
  }
}

function isNamed(names: CertificateNames, client: Client): boolean {
  const [kind, expected] = tlsSubjectOf(client) ?? []
  if (expected === undefined) return false
  switch (kind) {
    case 'tls_client_auth_subject_dn':
      return names.subject === expected
    case 'tls_client_auth_san_dns':
      return names.dns.some((name) => name.toLowerCase() === expected.toLowerCase())
    case 'tls_client_auth_san_uri':
      return names.uris.includes(expected)
    case 'tls_client_auth_san_email':
      return names.emails.includes(expected)
    case 'tls_client_auth_san_ip':
      return names.ips.some((ip) => ip.join() === parseIpAddress(expected)?.join())
    default:
      return false
  }
}
