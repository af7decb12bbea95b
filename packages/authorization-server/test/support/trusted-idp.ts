import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { issuer } from './test-server.ts'

export const idpIssuer = 'https://idp.example.com'

/** An identity provider that signs whatever a test wants. */
export async function createIdp() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'idp-1', alg: 'ES256' } as JsonWebKey
  const sign = (claims: JWTPayload, header: { typ?: string } = {}, key: CryptoKey = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'idp-1', ...header }).sign(key)
  return { jwks: { keys: [jwk] }, sign }
}

/** Claims of which some may be taken out. */
export type Claims = Readonly<Record<string, unknown>>

let count = 0

/** A sound identity assertion about alice for the client `agent`, with some claims changed. */
export function idJag(now: number, overrides: Claims = {}): JWTPayload {
  const seconds = Math.floor(now / 1000)
  return {
    iss: idpIssuer,
    sub: 'u-1001',
    aud: issuer,
    client_id: 'agent',
    jti: `jti-${count++}`,
    iat: seconds,
    exp: seconds + 300,
    ...overrides,
  }
}

export const idJagType = { typ: 'oauth-id-jag+jwt' }

/** The users of the provider, as this server knows them. */
export const usersOfIdp = ({ sub }: JWTPayload) => ({ 'u-1001': 'alice', 'u-1003': 'carol' })[sub ?? '']
