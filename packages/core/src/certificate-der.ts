const pem = /^\s*-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END CERTIFICATE-----/

/** The bytes of a certificate in PEM, or `undefined` when it is none. Of a chain, the first certificate counts. */
export function certificateDer(certificate: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  const encoded = pem.exec(certificate ?? '')?.[1]?.replaceAll(/\s/g, '')
  if (encoded === undefined) return undefined
  try {
    return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
