// RFC 6749 appendix B: https://www.rfc-editor.org/rfc/rfc6749.html#appendix-B
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '@gatewright/core'
import { parseParameters, readForm } from '../../src/requests/request-parameters.ts'

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 2000) }
const name = fc.oneof(
  fc.constantFrom('code', 'resource', 'audience', 'scope', '__proto__', 'constructor', 'code[]', 'Code', ''),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const fields = fc.array(fc.tuple(name, fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme' }))), {
  maxLength: 12,
})

/** A form as another program may write it: everything escaped, byte by byte, or blanks as `+`. */
const written = fields.chain((list) =>
  fc.tuple(
    fc.constant(list),
    fc.constantFrom(
      (text: string) => encodeURIComponent(text).replaceAll('%20', '+'),
      (text: string) => [...new TextEncoder().encode(text)].map(escaped).join(''),
    ),
  ),
)

function escaped(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`
}

function count(list: readonly (readonly [string, string])[], wanted: string): number {
  return list.filter(([other]) => other === wanted).length
}

describe('SU-05 properties of the form parser', () => {
  it('finds the fields that were written: the first value counts, an empty one is none, a second is noted', () => {
    let repeatedOnes = 0
    fc.assert(
      fc.property(written, ([list, escape]) => {
        const text = list.map((pair) => pair.map(escape).join('=')).join('&')
        const parameters = parseParameters(text)
        expect(parameters.entries).toEqual(list)
        for (const [field] of list) {
          const values = list.filter(([other]) => other === field).map(([, value]) => value)
          expect(parameters.get(field)).toBe(values[0] === '' ? undefined : values[0])
          expect(parameters.all(field)).toEqual(values.filter((value) => value !== ''))
          const repeats = values.length > 1 && field !== 'resource' && field !== 'audience'
          expect(parameters.repeated.includes(field)).toBe(repeats)
          repeatedOnes += Number(repeats)
        }
        expect(parameters.repeated.every((field) => count(list, field) > 1)).toBe(true)
      }),
      runs,
    )
    expect(repeatedOnes).toBeGreaterThan(runs.numRuns / 10)
  })

  it('reads any bytes, or refuses them as the fault of the client, and lets nothing repeated through', async () => {
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc
            .array(fc.constantFrom('a', 'b', '=', '&', '&', '%61', '+', '\0'), { maxLength: 40 })
            .map((list) => new TextEncoder().encode(list.join(''))),
        ),
        async (bytes) => {
          const request = new Request('https://as.example/token', {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: bytes.slice(),
          })
          try {
            const { entries, repeated } = await readForm(request)
            const once = entries
              .map(([field]) => field)
              .filter((field) => !['resource', 'audience'].includes(field))
            expect([repeated, new Set(once).size]).toEqual([[], once.length])
          } catch (error) {
            refused += 1
            expect(error).toBeInstanceOf(OAuthError)
            expect((error as OAuthError).code).toBe('invalid_request')
          }
        },
      ),
      runs,
    )
    expect(refused).toBeGreaterThan(runs.numRuns / 100)
  })
})
