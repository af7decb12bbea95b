import { defineScopes } from '@gatewright/core'
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose'

export const issuer = 'https://auth.example.com'
export const resource = 'https://mcp.example.com/mcp'
export const start = Date.UTC(2026, 0, 1)

export const scopes = defineScopes({
  'read:application': 'View applications',
  'write:application': { description: 'Change applications', implies: ['read:application'] },
  offline_access: 'Stay signed in',
})

/** A clock that only moves when told. */
export function testClock() {
  let now = start
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

/** A key pair that signs what it is given. */
export async function testKey(kid: string | undefined, alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }), use: 'sig' }
  return {
    jwk,
    privateKey,
    alg,
    /** Mints a token that is in order, apart from what is overridden; `undefined` takes a claim away. */
    mint: (claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}) =>
      new SignJWT({ ...tokenClaims, ...claims })
        .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }), ...header })
        .sign(privateKey),
  }
}

export const tokenClaims = {
  iss: issuer,
  sub: 'alice',
  aud: resource,
  client_id: 'client-1',
  scope: 'read:application',
  jti: 'jti-1',
  grant_id: 'grant-1',
  iat: start / 1000,
  exp: start / 1000 + 900,
}

export const ecKey = await testKey('k1')

export const bearer = (token: string, init: RequestInit = {}) =>
  new Request(resource, { method: 'POST', ...init, headers: { authorization: `Bearer ${token}` } })

export function challengeOf(response: Response): string {
  return response.headers.get('www-authenticate') ?? ''
}

/** A `fetch` of an issuer with metadata and keys; `serve` replaces what a URL answers. */
export function issuerFetch(keys: readonly object[]) {
  const served = new Map<string, () => Response | Promise<Response>>([
    [
      `${issuer}/.well-known/oauth-authorization-server`,
      () => Response.json({ issuer, jwks_uri: `${issuer}/jwks` }),
    ],
    [`${issuer}/jwks`, () => Response.json({ keys })],
  ])
  const requested: string[] = []
  const redirects = new Set<string | undefined>()
  return {
    requested,
    /** How requests have asked redirects to be taken. */
    redirects,
    count: (url: string) => requested.filter((other) => other === url).length,
    serve: (url: string, answer: () => Response | Promise<Response>) => void served.set(url, answer),
    fetch: async (input: string | URL | Request, init: RequestInit = {}) => {
      redirects.add(init.redirect)
      const url = String(input instanceof Request ? input.url : input)
      requested.push(url)
      return (await served.get(url)?.()) ?? new Response('not found', { status: 404 })
    },
  }
}
