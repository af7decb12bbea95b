// RFC 6749 §3.3: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineScopes, formatScope, OAuthError, parseScope } from '@gatewright/core'
import type { ScopeDefinition } from '@gatewright/core'

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 2000) }
const names = ['a', 'b', 'c', 'd', 'e', 'f']
const aliases = ['x', 'y', 'z']
/** What tokens may say: scopes, aliases, and what nobody defined, property names of every object among it. */
const said = fc.uniqueArray(
  fc.constantFrom(...names, ...aliases, 'A', 'undefined-scope', '__proto__', 'constructor'),
)

/** Up to six scopes that imply one another in any way, also in circles, some with an alias. */
const defined = fc
  .uniqueArray(fc.constantFrom(...names), { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(
      fc.constant(chosen),
      fc.array(fc.tuple(fc.constantFrom(...chosen), fc.constantFrom(...chosen)), { maxLength: 8 }),
      fc.uniqueArray(fc.tuple(fc.constantFrom(...aliases), fc.constantFrom(...chosen)), {
        selector: ([alias]) => alias,
      }),
    ),
  )
  .map(([chosen, arrows, aliasOf]) => {
    const definitions: Record<string, ScopeDefinition> = Object.fromEntries(
      chosen.map((name) => [
        name,
        {
          description: name,
          implies: arrows.filter(([from]) => from === name).map(([, to]) => to),
          aliases: aliasOf.filter(([, to]) => to === name).map(([alias]) => alias),
        },
      ]),
    )
    // One arrow at a time, until nothing is new: slow, and plainly right.
    const held = (granted: readonly string[]) => {
      const all = new Set(granted)
      for (let size = -1; size !== all.size;) {
        size = all.size
        for (const [from, to] of [...arrows, ...aliasOf]) if (all.has(from)) all.add(to)
      }
      return all
    }
    return { scopes: defineScopes(definitions), held, aliasOf: new Map(aliasOf) }
  })

describe('SU-05 properties of scopes', () => {
  it('a grant holds what can be reached from it, and a scope is missing exactly when it is not held', () => {
    let missed = 0
    fc.assert(
      fc.property(defined, said, said, ({ scopes, held, aliasOf }, granted, required) => {
        expect(new Set(scopes.expand(granted))).toEqual(held(granted))
        const missing = scopes.missing(granted, required)
        missed += missing.length
        expect(missing).toEqual(required.filter((name) => !held(granted).has(aliasOf.get(name) ?? name)))
      }),
      runs,
    )
    expect(missed).toBeGreaterThan(runs.numRuns)
  })

  it('more granted never makes more missing, less required neither, and what a grant holds it does not miss', () => {
    fc.assert(
      fc.property(defined, said, said, said, ({ scopes }, granted, more, required) => {
        const missing = scopes.missing(granted, required)
        const asked = new Set(required)
        expect(missing.filter((name) => !asked.has(name))).toEqual([])
        const fewer = new Set(missing)
        expect(scopes.missing([...granted, ...more], required).filter((name) => !fewer.has(name))).toEqual([])
        expect(scopes.missing(granted, scopes.expand(granted))).toEqual([])
        expect(scopes.expand(scopes.expand(granted))).toEqual(scopes.expand(granted))
        expect(scopes.missing([], required).length).toBe(required.length)
      }),
      runs,
    )
  })

  it('a parameter is read back as it was written, and anything else is refused without another error', () => {
    const token = fc.stringMatching(/^[!#-[\]-~]{1,12}$/)
    let refused = 0
    fc.assert(
      fc.property(fc.uniqueArray(token, { maxLength: 100 }), fc.string({ unit: 'binary' }), (list, text) => {
        expect(parseScope(formatScope(list))).toEqual(list)
        try {
          for (const name of parseScope(text)) expect(name).toMatch(/^[!#-[\]-~]+$/)
          expect(new Set(parseScope(text))).toEqual(new Set(text === '' ? [] : text.split(' ')))
        } catch (error) {
          refused += 1
          expect(error).toBeInstanceOf(OAuthError)
          expect(text).toMatch(/[^!#-[\]-~ ]|^ | $| {2}/)
        }
      }),
      runs,
    )
    expect(refused).toBeGreaterThan(runs.numRuns / 4)
  })
})
