// RFC 7636 §4.2: https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2
import { createHash } from 'node:crypto'
import { calculateCodeChallenge, isCodeChallenge } from '@gatewright/pkce'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as forNode from '../src/digest.node.ts'
import * as portable from '../src/digest.ts'

describe('calculating a code challenge', () => {
  it('gives the challenge of RFC 7636 Appendix B', async () => {
    expect(await calculateCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('agrees with another SHA-256 and another base64url for every text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const challenge = await calculateCodeChallenge(text)
        expect(challenge).toBe(createHash('sha256').update(text, 'utf8').digest('base64url'))
        expect(isCodeChallenge(challenge)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})

it.each([
  ['on Node.js', forNode],
  ['elsewhere', portable],
])('%s, the digest is that of the RFC', async (_where, { digestBase64url }) => {
  expect(await digestBase64url('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
  expect(await digestBase64url('ä日本語😀')).toBe(
    createHash('sha256').update('ä日本語😀').digest('base64url'),
  )
})

describe('the form of a code challenge', () => {
  it('is 43 base64url characters', () => {
    expect(isCodeChallenge('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')).toBe(true)
    expect(isCodeChallenge('a'.repeat(43))).toBe(true)
  })

  it('PK-06 has exactly 43 characters, since S256 gives no other length', () => {
    for (const length of [0, 1, 42, 44, 64, 128, 100_000])
      expect(isCodeChallenge('a'.repeat(length)), `${length}`).toBe(false)
  })

  it('PK-06 has no character of plain base64, no padding and no blank', () => {
    for (const character of ['+', '/', '=', '.', '~', ' ', '\n', '\u00e9', '\uff41'])
      for (const challenge of [
        character + 'a'.repeat(42),
        'a'.repeat(42) + character,
        `${'a'.repeat(43)}${character}`,
      ])
        expect(isCodeChallenge(challenge), JSON.stringify(challenge)).toBe(false)
  })
})
