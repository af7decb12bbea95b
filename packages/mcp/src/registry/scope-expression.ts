import type { Scopes } from '@gatewright/core'

/** One scope, or a combination of scopes: all of some, or any of some. */
export type ScopeExpression<Name extends string = string> = Name | AllOf<Name> | AnyOf<Name>

/** Holds when every part holds. */
export interface AllOf<Name extends string = string> {
  readonly all: readonly ScopeExpression<Name>[]
  readonly any?: undefined
}

/** Holds when one part holds. */
export interface AnyOf<Name extends string = string> {
  readonly any: readonly ScopeExpression<Name>[]
  readonly all?: undefined
}

/** What an expression comes to: sets of scopes, each of which is enough. */
export type Alternatives = readonly (readonly string[])[]

const maximumAlternatives = 64

/**
 * Multiplies an expression out; a list means all of its parts.
 *
 * @throws {TypeError} when a scope is not defined, a part is empty or malformed, or it has more than 64 alternatives
 */
export function alternativesOf(expression: unknown, scopes: Scopes, what: string): Alternatives {
  const refuse = (why: string) => new TypeError(`${what} ${why}`)

  function multiply(node: unknown): string[][] {
    if (typeof node === 'string') {
      if (!scopes.names.includes(node)) throw refuse(`needs the scope "${node}", which is not defined`)
      return [[node]]
    }
    const { all = Array.isArray(node) ? node : undefined, any } = (node ?? {}) as Record<string, unknown>
    const parts = all ?? any
    if (!Array.isArray(parts) || parts.length === 0 || (all !== undefined && any !== undefined))
      throw refuse('must combine scopes by { all: [...] } or { any: [...] }, neither of them empty')
    const sets = parts.map(multiply)
    const product =
      any === undefined
        ? sets.reduce((left, right) =>
            bounded(left.flatMap((one) => right.map((other) => union(one, other)))),
          )
        : sets.flat()
    return bounded(product)
  }
  function bounded(sets: string[][]): string[][] {
    if (sets.length > maximumAlternatives) throw refuse(`has more than ${maximumAlternatives} alternatives`)
    return sets
  }
  return multiply(expression).map((set) => Object.freeze(set))
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])]
}
