import { decodeBase64url } from '@gatewright/core'
import { calculateJwkThumbprint } from 'jose'
import type { JWK } from 'jose'
import { after, all, before } from './break.ts'
import type { Break, Seen } from './break.ts'
import { asking, json } from './broken-authorization-servers.ts'

/** What a JWT says in one of its parts. */
export function partOf(token: string | null | undefined, index: number): Record<string, unknown> {
  try {
    const part = decodeBase64url(token?.split('.')[index] ?? '')
    return JSON.parse(new TextDecoder().decode(part)) as Record<string, unknown>
  } catch {
    return {}
  }
}

const bound = () => Response.json({ access_token: 'a-bound-token', token_type: 'DPoP' })

/** Gives tokens for certain proofs without a look at the rest. */
const trustingProofs = (
  applies: (proof: string, header: Record<string, unknown>, claims: Record<string, unknown>) => boolean,
): Break =>
  before(({ path, request }) => {
    const proof = request.headers.get('dpop')
    return path === '/token' && proof !== null && applies(proof, partOf(proof, 0), partOf(proof, 1))
      ? bound()
      : undefined
  })

/** Gives tokens for every proof after the first that is of another key than `jwk` was first. */
function trustingAnyKey(): Break {
  let seen = 0
  return trustingProofs(() => ++seen > 1)
}

/** The resource takes bound tokens without their proof, or with any. */
const takingBound =
  (applies: (seen: Seen, ours: boolean) => boolean | Promise<boolean>): Break =>
  (handler) => {
    const keys = new Map<string, string>()
    return all(
      after(async (response, seen) => {
        if (seen.path !== '/token' || response.status !== 200) return undefined
        const { access_token: token } = (await response.json()) as { access_token: string }
        keys.set(token, await thumbprint(seen.request))
        return undefined
      }),
      before(async (seen) => {
        const [, token = ''] = seen.request.headers.get('authorization')?.split(' ') ?? []
        if (seen.path !== '/mcp' || !keys.has(token)) return undefined
        const ours = (await thumbprint(seen.request)) === keys.get(token)
        return (await applies(seen, ours))
          ? Response.json({ jsonrpc: '2.0', id: 0, result: { protocolVersion: '2025-11-25' } })
          : undefined
      }),
    )(handler)
  }

async function thumbprint(request: Request): Promise<string> {
  const { jwk } = partOf(request.headers.get('dpop'), 0)
  return jwk === undefined ? '' : calculateJwkThumbprint(jwk as JWK)
}

/** Broken servers for the checks of proofs. */
export const brokenProofs: Readonly<Record<string, () => Break>> = {
  'authorization-server.dpop': () => json('/token', (body) => ({ ...body, token_type: 'Bearer' })),
  'authorization-server.dpop-request': () => trustingProofs((_proof, _header, { htm }) => htm === 'GET'),
  'authorization-server.dpop-signature': trustingAnyKey,
  'authorization-server.dpop-form': () => trustingProofs((_proof, { typ }) => typ === 'JWT'),
  'authorization-server.dpop-age': () =>
    trustingProofs((_proof, _header, { iat }) => Number(iat) < Date.now() / 1000 - 3600),
  'authorization-server.dpop-two-proofs': () => trustingProofs((proof) => proof.includes(',')),
  'authorization-server.dpop-once': () => {
    const known = new Set<string>()
    return trustingProofs((proof) => {
      const again = known.has(proof)
      known.add(proof)
      return again
    })
  },
  'authorization-server.dpop-code': () => asking((query) => query.delete('dpop_jkt')),
  'authorization-server.dpop-refresh': () =>
    before(({ path, form }) =>
      path === '/token' && form.get('grant_type') === 'refresh_token' ? bound() : undefined,
    ),
}

/** Broken resources for the checks of bound tokens. */
export const brokenBoundTokens: Readonly<Record<string, () => Break>> = {
  'resource-server.dpop': () =>
    before(({ path, request }) =>
      path === '/mcp' && request.headers.has('dpop') ? new Response(null, { status: 401 }) : undefined,
    ),
  'resource-server.dpop-bearer': () =>
    takingBound(({ request }) => request.headers.get('authorization')?.startsWith('Bearer ') === true),
  'resource-server.dpop-key': () => takingBound((_seen, ours) => !ours),
  'resource-server.dpop-token': () =>
    takingBound(({ request }) => partOf(request.headers.get('dpop'), 1)['ath'] === undefined),
}
