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
  /** Those that may be granted. */
  readonly names: readonly string[]
  /** Whether a request may name a scope. `offline_access` too where there are no refresh tokens: it is left out of what is granted. */
  has(name: string): boolean
  describe(name: string): string
  /** Whether a scope is about the user's identity and not about a resource. */
  isIdentity(name: string): boolean
  /** Whether a scope lies within a ceiling, by hierarchy and aliases too. Without a ceiling, every scope does. */
  within(name: string, ceiling: readonly string[] | undefined): boolean
}

/** Joins the scopes of an API with those of OpenID Connect, `offline_access` only for a server that issues refresh tokens. */
export function createScopeCatalog(scopes: Scopes, refreshes: boolean): ScopeCatalog {
  const isGrantable = (name: string) => refreshes || name !== 'offline_access'
  return {
    names: [...scopes.names, ...identityScopes.keys()].filter(isGrantable),
    has: (name) => scopes.has(name) || identityScopes.has(name),
    describe: (name) => identityScopes.get(name) ?? scopes.describe(name),
    isIdentity: (name) => identityScopes.has(name),
    within: (name, ceiling) =>
      isGrantable(name) &&
      (ceiling === undefined ||
        // A ceiling comes out of a user store: in a text, each part of a name would count as a scope.
        (Array.isArray(ceiling) &&
          (ceiling.includes(name) || scopes.expand(ceiling).has(scopes.canonical(name))))),
  }
}
