import type { Scopes } from '@gatewright/core'
import {
  alternativesOf,
  type Alternatives,
  type AllOf,
  type AnyOf,
  type ScopeExpression,
} from './scope-expression.ts'
import type { ScopeMasks } from './scope-mask.ts'

/**
 * Who may use something: holders of all these scopes, or every caller with a valid token.
 *
 * One of the two must be said; there is no default, and neither lets in a caller without a token.
 */
export type Requirement<Name extends string> =
  | {
      /** A list means all of it; `{ any: [...] }` and `{ all: [...] }` combine, and may be nested. */
      readonly scopes: readonly ScopeExpression<Name>[] | AllOf<Name> | AnyOf<Name>
      readonly public?: undefined
    }
  | { readonly public: true; readonly scopes?: undefined }

/** Whether a caller without the scopes still sees an entry in lists: `show` lets a client ask for more scopes. */
export type Listing = 'hide' | 'show'

/** A requirement, ready to be compared with what a caller holds. */
export interface CompiledRequirement {
  /** Every scope that is named in it. */
  readonly names: readonly string[]
  /** Whether a set of scopes is enough. */
  holds(held: bigint): boolean
  /** The set of scopes to ask for: the one that lacks the fewest, and of several the one that was written first. */
  nearest(granted: readonly string[]): readonly string[]
}

/**
 * Compiles who may use an entry.
 *
 * @throws {TypeError} when neither scopes nor `public: true` is given, both are, or the scopes are malformed
 */
export function compileRequirement(
  requirement: { readonly scopes?: unknown; readonly public?: unknown },
  scopes: Scopes,
  masks: ScopeMasks,
  what: string,
): CompiledRequirement {
  const { scopes: expression, public: open } = requirement
  if (open === true && expression === undefined) return compileOnce([[]], scopes, masks)
  const empty =
    typeof expression !== 'object' ||
    expression === null ||
    (Array.isArray(expression) && expression.length === 0)
  if (open !== undefined || empty) throw new TypeError(`${what} must name its scopes, or say public: true`)
  return compileOnce(alternativesOf(expression, scopes, what), scopes, masks)
}

const compiled = new WeakMap<ScopeMasks, Map<string, CompiledRequirement>>()

// Thousands of entries need one of a few sets of scopes: that they share it lets a list ask once for all of them.
function compileOnce(alternatives: Alternatives, scopes: Scopes, masks: ScopeMasks): CompiledRequirement {
  const known = compiled.get(masks) ?? new Map<string, CompiledRequirement>()
  compiled.set(masks, known)
  const key = JSON.stringify(alternatives)
  const requirement = known.get(key) ?? compile(alternatives, scopes, masks)
  known.set(key, requirement)
  return requirement
}

/**
 * Compiles what a function has asked for in view of the arguments; an empty list asks for nothing.
 *
 * @throws {TypeError} when the scopes are malformed
 */
export function compileComputed(
  expression: unknown,
  scopes: Scopes,
  masks: ScopeMasks,
  what: string,
): CompiledRequirement {
  const nothing = Array.isArray(expression) && expression.length === 0
  return compile(nothing ? [[]] : alternativesOf(expression, scopes, what), scopes, masks)
}

function compile(alternatives: Alternatives, scopes: Scopes, masks: ScopeMasks): CompiledRequirement {
  const sets = alternatives.map((names) => ({ names, mask: masks.required(names) }))
  return {
    names: [...new Set(alternatives.flat())],
    holds: (held) => sets.some(({ mask }) => (held & mask) === mask),
    nearest(granted) {
      const [first = [], ...others] = alternatives
      const lacks = (names: readonly string[]) => scopes.missing(granted, names).length
      return others.reduce((best, names) => (lacks(names) < lacks(best) ? names : best), first)
    },
  }
}

/** @throws {TypeError} when it is neither of the two */
export function checkListing(list: Listing = 'hide', what: string): Listing {
  if (list !== 'hide' && list !== 'show') throw new TypeError(`${what} must be listed as "hide" or "show"`)
  return list
}
