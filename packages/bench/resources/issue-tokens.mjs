import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'

const issuer = 'https://auth.example.com'
export const resource = 'https://mcp.example.com/mcp'

/** An issuer with one ES256 key: its public keys, and access tokens as RFC 9068 has them. */
export function createIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }
  return {
    issuer,
    publicKey,
    jwks: { keys: [jwk] },
    async tokens(count, scope = 'read:application') {
      const now = Math.floor(Date.now() / 1000)
      const made = []
      for (let index = 0; index < count; index++) {
        const claims = {
          client_id: 'app',
          scope,
          grant_id: randomBytes(16).toString('base64url'),
          jti: randomBytes(16).toString('base64url'),
        }
        const token = new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
          .setIssuer(issuer)
          .setSubject(`user-${index}`)
          .setAudience(resource)
          .setIssuedAt(now)
          .setExpirationTime(now + 3600)
        made.push(await token.sign(privateKey))
      }
      return made
    },
  }
}
