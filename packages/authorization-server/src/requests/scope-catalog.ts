import type { Scopes } from '@gatewright/core'

// OpenID Connect Core 1.0 §5.4 and §11. They belong to the protocol, so every server knows them.
const identityScopes: ReadonlyMap<string, string> = new Map([
  ['openid', 'Confirm who you are'],
  ['profile', 'See your name and picture'],
  ['email', 'See your email address'],
  ['phone', 'See your phone number'],
  ['address', 'See your postal address'],
  ['offline_access', 'Stay connected while you are away'],
])

/** The scopes of OpenID Connect. An API cannot have scopes of these names: they are about the user and pass its ceilings. */
export const identityScopeNames: readonly string[] = [...identityScopes.keys()]

/** All scopes that a server knows: those of its API and those of OpenID Connect. */
export interface ScopeCatalog {
  readonly names: readonly string[]
  has(name: string): boolean
  describe(name: string): string
  /** Whether a scope is about the user's identity and not about a resource. */
  isIdentity(name: string): boolean
  /** Whether a scope lies within a ceiling, by hierarchy and aliases too. Without a ceiling, every scope does. */
  within(name: string, ceiling: readonly string[] | undefined): boolean
}

/** Joins the scopes of an API with those of OpenID Connect. */
export function createScopeCatalog(scopes: Scopes): ScopeCatalog {
  return {
    names: [...scopes.names, ...identityScopes.keys()],
    has: (name) => scopes.has(name) || identityScopes.has(name),
    describe: (name) => identityScopes.get(name) ?? scopes.describe(name),
    isIdentity: (name) => identityScopes.has(name),
    within: (name, ceiling) =>
      ceiling === undefined ||
      // A ceiling comes out of a user store: in a text, each part of a name would count as a scope.
      (Array.isArray(ceiling) &&
        (ceiling.includes(name) || scopes.expand(ceiling).has(scopes.canonical(name)))),
  }
}
