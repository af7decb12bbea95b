import { createHash, randomBytes } from 'node:crypto'
import { generateKeyPair, SignJWT } from 'jose'
import * as shape from '../authorization/shape.mjs'

const { privateKey } = await generateKeyPair('ES256')

/** What applications add to libraries that sign nothing themselves: an access token as RFC 9068 has it, signed with jose. */
export function accessToken({ clientId, subject, scope, resource }) {
  return new SignJWT({ client_id: clientId, scope, jti: secret(16) })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .setIssuer(shape.origin)
    .setSubject(subject)
    .setAudience(resource ?? shape.resource)
    .setIssuedAt()
    .setExpirationTime('900s')
    .sign(privateKey)
}

/** A fresh secret in base64url. */
export const secret = (bytes = 32) => randomBytes(bytes).toString('base64url')

/** How a secret is named at rest. */
export const hash = (text) => createHash('sha256').update(text).digest('base64url')
