import { encodeBase64url, encodeTextBase64url } from '@gatewright/core'
import type { Signer } from '@gatewright/core'

// A KMS gives DER, which no verifier takes: better no token than one that is refused everywhere.
const signatureBytes: Readonly<Record<string, number>> = { ES256: 64, ES384: 96, ES512: 132, EdDSA: 64 }
const encoder = new TextEncoder()
const encode = (part: object) => encodeTextBase64url(JSON.stringify(part))
/** Headers that were written before: a signer writes one of each type. */
const headers = new WeakMap<Signer, Map<string, string>>()

function headerOf(signer: Signer, typ: string): string {
  const known = headers.get(signer) ?? new Map<string, string>()
  headers.set(signer, known)
  const header = known.get(typ) ?? encode({ alg: signer.alg, typ, kid: signer.kid })
  known.set(typ, header)
  return header
}

/** Signs claims as a compact JWT. Members that are `undefined` are left out. @see [RFC 7519 §7.1](https://www.rfc-editor.org/rfc/rfc7519.html#section-7.1) */
export async function signJwt(
  signer: Signer,
  typ: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const signed = `${headerOf(signer, typ)}.${encode(claims)}`
  const signature = await signer.sign(encoder.encode(signed))
  const expected = signatureBytes[signer.alg]
  if (expected !== undefined && signature.length !== expected)
    throw new TypeError(
      `the signer "${signer.kid}" gave ${signature.length} bytes; ${signer.alg} has ${expected}: R and S, not DER`,
    )
  return `${signed}.${encodeBase64url(signature)}`
}
