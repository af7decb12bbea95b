import { encodeBase64url } from '@gatewright/core'
import type { Signer } from '@gatewright/core'

const encoder = new TextEncoder()
const encode = (part: object) => encodeBase64url(encoder.encode(JSON.stringify(part)))

/** Signs claims as a compact JWT. Members that are `undefined` are left out. @see [RFC 7519 §7.1](https://www.rfc-editor.org/rfc/rfc7519.html#section-7.1) */
export async function signJwt(
  signer: Signer,
  typ: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const signed = `${encode({ alg: signer.alg, typ, kid: signer.kid })}.${encode(claims)}`
  return `${signed}.${encodeBase64url(await signer.sign(encoder.encode(signed)))}`
}
