import { checkClaims, isReservedClaim } from './claims-options.ts'
import type { ClaimsOptions, ClaimsRequest } from './claims-options.ts'

const maximumBytes = 8 * 1024

/** Claims beside those of the standards. Pass it in the option `claims` of a composition. */
export interface AddedClaims {
  /** The names of those about users, for the metadata document. */
  readonly names: readonly string[]
  /** The claims for one target. When it throws, nothing is issued. */
  make(request: ClaimsRequest): Promise<Readonly<Record<string, unknown>>>
}

/**
 * Adds these claims to tokens and to the answer of the userinfo endpoint.
 *
 * @throws {TypeError} for a target that is unknown, or a claim that is reserved or maps to nothing
 */
export function addedClaims(options: ClaimsOptions): AddedClaims {
  checkClaims(options)
  return {
    names: Object.keys({ ...options.idToken, ...options.userinfo }),
    make: (request) => customClaims(request, options),
  }
}

/**
 * The claims that the integrator adds for one target.
 *
 * @throws {TypeError} when the function gives a reserved claim, no object, or over 8 KiB; and whatever the function throws
 */
async function customClaims(
  request: ClaimsRequest,
  claims: ClaimsOptions,
): Promise<Readonly<Record<string, unknown>>> {
  if (claims.add === undefined && claims[request.target] === undefined) return {}
  const known = request.user?.claims ?? {}
  const mapped = Object.entries(claims[request.target] ?? {}).map(([name, path]) => [name, read(known, path)])
  // The claims alone, as the type says: a function that spreads the user would put the integrator's whole record into a token.
  const user = request.user && { claims: known }
  const added: unknown = (await claims.add?.({ ...request, user })) ?? {}
  if (typeof added !== 'object' || added === null || Array.isArray(added))
    throw new TypeError('claims.add must return an object')
  // Loud, because a claim that silently stays out is missed as much as one that takes effect.
  const taken = Object.keys(added).find(isReservedClaim)
  if (taken !== undefined) throw new TypeError(`claims.add returned the reserved claim "${taken}"`)
  const entries = [...mapped, ...Object.entries(added)].filter(([, value]) => value !== undefined)
  const text = JSON.stringify(Object.fromEntries(entries))
  // A token that outgrows the limits of headers is refused by every server on the way.
  if (text.length > maximumBytes) throw new TypeError('the added claims are larger than 8 KiB')
  return JSON.parse(text)
}

function read(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = claims
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = new Map(Object.entries(value)).get(name)
  }
  return value ?? undefined
}
