import type { Scopes } from '@gatewright/core'

/**
 * Who may use something: holders of all these scopes, or every caller with a valid token.
 *
 * One of the two must be said; there is no default, and neither lets in a caller without a token.
 */
export type Requirement<Name extends string> =
  | { readonly scopes: readonly Name[]; readonly public?: undefined }
  | { readonly public: true; readonly scopes?: undefined }

/** Whether a caller without the scopes still sees an entry in lists: `show` lets a client ask for more scopes. */
export type Listing = 'hide' | 'show'

/**
 * The scopes that an entry needs; none for a public one.
 *
 * @throws {TypeError} when neither scopes nor `public: true` is given, both are, or a scope is not defined
 */
export function requiredScopes(
  requirement: { readonly scopes?: unknown; readonly public?: unknown },
  scopes: Scopes,
  what: string,
): readonly string[] {
  const { scopes: names, public: open } = requirement
  if (open === true && names === undefined) return []
  if (open !== undefined || !Array.isArray(names) || names.length === 0)
    throw new TypeError(`${what} must name its scopes, or say public: true`)
  for (const name of names)
    if (!(scopes.names as readonly unknown[]).includes(name))
      throw new TypeError(`${what} needs the scope "${String(name)}", which is not defined`)
  return Object.freeze([...new Set<string>(names)])
}

/** @throws {TypeError} when it is neither of the two */
export function checkListing(list: Listing = 'hide', what: string): Listing {
  if (list !== 'hide' && list !== 'show') throw new TypeError(`${what} must be listed as "hide" or "show"`)
  return list
}
