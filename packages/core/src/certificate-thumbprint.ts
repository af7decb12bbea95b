import { encodeBase64url } from '#base64url'
import { sha256 } from '#digest'

const pem = /^\s*-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END CERTIFICATE-----/

/**
 * The thumbprint of a certificate in PEM, or `undefined` when it is none. Of a chain, the first certificate counts.
 *
 * Nothing about the certificate is checked: whether to trust it is settled where the TLS connection ends.
 *
 * @see [RFC 8705 §3.1 - JWT Certificate Thumbprint Confirmation Method](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1)
 */
export async function certificateThumbprint(certificate: string | undefined): Promise<string | undefined> {
  const encoded = pem.exec(certificate ?? '')?.[1]?.replaceAll(/\s/g, '')
  if (encoded === undefined) return undefined
  try {
    const der = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
    return encodeBase64url(await sha256(der))
  } catch {
    return undefined
  }
}
