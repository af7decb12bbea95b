import { defaultRuntime, defineScopes, type GatewrightEvent } from '@gatewright/core'
import { createResourceServer } from '@gatewright/resource-server'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'

const issuer = 'http://127.0.0.1:4000'
export const resource = 'http://127.0.0.1:4000/mcp'

export const scopes = defineScopes({
  'read:application': 'View applications',
  'write:application': { description: 'Change applications', implies: ['read:application'] },
  'admin:application': { description: 'Delete applications', implies: ['write:application'] },
  'read:user': 'View users',
})

const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
const publicJwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig' }

let issued = 0

/** Mints an access token for alice, unless said otherwise. */
export function mint(scope: string, claims: JWTPayload = {}): Promise<string> {
  return new SignJWT({ scope, client_id: 'client-1', grant_id: 'grant-1', ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .setIssuer(issuer)
    .setSubject(claims.sub ?? 'alice')
    .setAudience(claims.aud ?? resource)
    .setJti(claims.jti ?? `jti-${++issued}`)
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? '15m')
    .sign(privateKey)
}

/** The resource server that accepts these tokens. */
export function testResourceServer(
  options: { resource?: string; revoked?: Set<string>; events?: GatewrightEvent[] } = {},
) {
  const { revoked = new Set<string>(), events = [] } = options
  return createResourceServer({
    issuer,
    resource: options.resource ?? resource,
    scopes,
    challengeScopes: ['read:application'],
    jwks: { keys: [publicJwk] },
    isRevoked: ({ jti = '' }) => revoked.has(jti),
    runtime: defaultRuntime,
    onEvent: (event) => events.push(event),
  })
}
