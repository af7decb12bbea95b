/** What one scope means: its text on the consent page, and the scopes that it includes. */
export interface ScopeDefinition<Name extends string = string> {
  /** What a user reads on the consent page, for example `View applications`. */
  readonly description: string
  /** Scopes that a token with this one also has. */
  readonly implies?: readonly Name[]
  /** Other names for this scope, for example those of a system that it replaces. */
  readonly aliases?: readonly string[]
}

/**
 * The scopes of an API with their hierarchy: the one answer to "does this token suffice?".
 *
 * Made by {@link defineScopes}, and shared by the authorization server, the resource server and the tool registry.
 */
export interface Scopes<Name extends string = string> {
  /** The defined names, in the order of their definition, without aliases. */
  readonly names: readonly Name[]
  /** Whether a name is defined, as a scope or as an alias. */
  has(name: string): boolean
  /** The scope that a name stands for: an alias gives its scope, any other name itself. */
  canonical(name: string): string
  /** The text for the consent page; an undefined name is its own text. */
  describe(name: string): string
  /** The given scopes together with all that they imply. Names that are not defined stand for themselves. */
  expand(granted: Iterable<string>): ReadonlySet<string>
  /** The required scopes that the granted ones do not amount to; empty when the grant suffices. */
  missing(granted: Iterable<string>, required: Iterable<string>): string[]
}

/**
 * Defines the scopes of an API, with hierarchy and aliases as data.
 *
 * @throws {TypeError} when a name is not a scope token, an implied scope is not defined, or a name is used twice
 * @example
 * ```ts
 * const scopes = defineScopes({
 *   'read:application': 'View applications',
 *   'write:application': { description: 'Change applications', implies: ['read:application'] },
 * })
 * scopes.missing(['write:application'], ['read:application']) // []
 * ```
 * @see [RFC 6749 §3.3 - Access Token Scope](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3)
 */
export function defineScopes<const Name extends string>(
  definitions: Readonly<Record<Name, string | ScopeDefinition<NoInfer<Name>>>>,
): Scopes<Name> {
  const names = Object.keys(definitions) as Name[]
  const defined = new Map<string, ScopeDefinition>(names.map((name) => [name, normalize(definitions[name])]))
  const implied = new Map<string, readonly string[]>()
  for (const [name, { implies = [] }] of defined) {
    assertToken(name)
    for (const other of implies)
      if (!defined.has(other)) throw new TypeError(`scope "${name}" implies "${other}", which is not defined`)
    implied.set(name, implies)
  }
  const canonicalNames = new Map<string, string>()
  const texts = new Map([...defined].map(([name, { description }]) => [name, description]))
  for (const [name, { aliases = [], description }] of defined)
    for (const alias of aliases) {
      assertToken(alias)
      if (implied.has(alias)) throw new TypeError(`scope name "${alias}" is used twice`)
      implied.set(alias, [name])
      canonicalNames.set(alias, name)
      texts.set(alias, description)
    }
  const closures = new Map([...implied.keys()].map((name) => [name, closure(name, implied)]))

  const expand = (granted: Iterable<string>): ReadonlySet<string> => {
    const all = new Set<string>()
    for (const name of granted) for (const reached of closures.get(name) ?? [name]) all.add(reached)
    return all
  }
  const canonical = (name: string): string => canonicalNames.get(name) ?? name
  return {
    names,
    has: (name) => closures.has(name),
    canonical,
    describe: (name) => texts.get(name) ?? name,
    expand,
    missing(granted, required) {
      const held = expand(granted)
      return [...required].filter((name) => !held.has(canonical(name)))
    },
  }
}

function normalize(definition: string | ScopeDefinition): ScopeDefinition {
  return typeof definition === 'string' ? { description: definition } : definition
}

function assertToken(name: string): void {
  if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(name))
    throw new TypeError(`"${name}" is not a scope token (RFC 6749 §3.3)`)
}

function closure(start: string, implied: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set([start])
  // A Set iterates over what is added during the iteration, so cycles end and chains are followed.
  for (const name of reached) for (const next of implied.get(name) ?? []) reached.add(next)
  return reached
}
