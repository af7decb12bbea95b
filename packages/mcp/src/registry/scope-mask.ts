import type { Scopes } from '@gatewright/core'

/** Scope sets as bit sets, so that "has all of these" is one operation whatever their number. */
export interface ScopeMasks {
  /** The set of these scopes themselves. */
  required(names: readonly string[]): bigint
  /** The set of these scopes with all that they imply. */
  held(granted: readonly string[]): bigint
}

/** Gives each defined scope a bit. */
export function createScopeMasks(scopes: Scopes): ScopeMasks {
  const bits = new Map<string, bigint>(scopes.names.map((name, index) => [name, 1n << BigInt(index)]))
  const known = new WeakMap<readonly string[], bigint>()
  const union = (names: Iterable<string>) => {
    let mask = 0n
    for (const name of names) mask |= bits.get(name) ?? 0n
    return mask
  }
  return {
    required: union,
    held(granted) {
      const remembered = known.get(granted)
      if (remembered !== undefined) return remembered
      const mask = union(scopes.expand(granted))
      // A list that may still change must be looked at each time.
      if (Object.isFrozen(granted)) known.set(granted, mask)
      return mask
    },
  }
}
