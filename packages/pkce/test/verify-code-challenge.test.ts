// RFC 7636 §4.6: https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6
import { createHash } from 'node:crypto'
import { calculateCodeChallenge, createCodeVerifier, verifyCodeChallenge } from '@gatewright/pkce'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const verifiers = fc.string({
  unit: fc.constantFrom(...Array.from('ABYZabyz0189-._~')),
  minLength: 43,
  maxLength: 128,
})

describe('verifying a code verifier', () => {
  it('accepts the pair of RFC 7636 Appendix B', async () => {
    expect(await verifyCodeChallenge(verifier, challenge)).toBe(true)
  })

  it('PK-08 refuses another verifier, also one that differs in a single character or its case', async () => {
    for (const other of [
      createCodeVerifier(),
      `${verifier}a`,
      `e${verifier.slice(1)}`,
      verifier.toLowerCase(),
    ])
      expect(await verifyCodeChallenge(other, challenge), other).toBe(false)
  })

  it('accepts every verifier with its own challenge, and none with the challenge of another', async () => {
    await fc.assert(
      fc.asyncProperty(verifiers, verifiers, async (own, other) => {
        const stored = await calculateCodeChallenge(own)
        expect(await verifyCodeChallenge(own, stored)).toBe(true)
        expect(await verifyCodeChallenge(other, stored)).toBe(own === other)
      }),
      { numRuns: 10_000 },
    )
  })

  it('accepts no challenge with one character changed', async () => {
    for (let at = 0; at < challenge.length; at += 1) {
      const changed = challenge.slice(0, at) + (challenge[at] === 'A' ? 'B' : 'A') + challenge.slice(at + 1)
      expect(await verifyCodeChallenge(verifier, changed), changed).toBe(false)
    }
  })

  it('PK-05 knows no method but S256: plain, S512, hexadecimal and padded challenges do not verify', async () => {
    const hash = (algorithm: string) => createHash(algorithm).update(verifier)
    for (const stored of [
      verifier,
      hash('sha512').digest('base64url'),
      hash('sha512').digest('base64url').slice(0, 43),
      hash('sha256').digest('hex'),
      hash('sha256').digest('base64'),
      `${challenge}=`,
      `S256:${challenge}`,
    ])
      expect(await verifyCodeChallenge(verifier, stored), stored).toBe(false)
  })

  it('PK-10 refuses a malformed verifier even when the challenge is its own', async () => {
    for (const malformed of [
      '',
      'a',
      'a'.repeat(42),
      'a'.repeat(129),
      `${'a'.repeat(42)}+`,
      `${'a'.repeat(43)}\u00e9`,
    ])
      expect(await verifyCodeChallenge(malformed, await calculateCodeChallenge(malformed)), malformed).toBe(
        false,
      )
  })

  it('refuses an absent challenge: empty text and the texts that absent values turn into', async () => {
    for (const stored of ['', 'null', 'undefined', '[object Object]'])
      expect(await verifyCodeChallenge(verifier, stored), stored).toBe(false)
  })

  it('DS-01 refuses texts of 100 KB in milliseconds', async () => {
    // Processor time: what else the machine does must not count.
    const before = process.cpuUsage()
    for (const text of ['a', '-', '+', 'aA', '=', '\0'].map((unit) => unit.repeat(100_000 / unit.length)))
      expect(await verifyCodeChallenge(text, text)).toBe(false)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(50)
  })
})
