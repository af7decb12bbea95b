import { encodeBase64url, sha256 } from '#platform'
import { certificateDer } from './certificate-der.ts'

/**
 * The thumbprint of a certificate in PEM, or `undefined` when it is none. Of a chain, the first certificate counts.
 *
 * Nothing about the certificate is checked: whether to trust it is settled where the TLS connection ends.
 *
 * @see [RFC 8705 §3.1 - JWT Certificate Thumbprint Confirmation Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1)
 */
export async function certificateThumbprint(certificate: string | undefined): Promise<string | undefined> {
  const der = certificateDer(certificate)
  return der && encodeBase64url(await sha256(der))
}
