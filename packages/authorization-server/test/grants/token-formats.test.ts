import { describe, expect, it } from 'vitest'
import { defaultRuntime } from '@gatewright/core'
import {
  createCode,
  createFamily,
  createGrantId,
  createRefreshToken,
  grantIdOfCode,
  isGenuine,
  readRefreshToken,
} from '../../src/grants/token-formats.ts'

/** The parts of a token that was issued some time. */
async function parseRefreshToken(token: string) {
  const parts = await readRefreshToken(token)
  return parts !== undefined && (await isGenuine(parts)) ? parts : undefined
}

const grantId = createGrantId(defaultRuntime)
const family = createFamily(defaultRuntime)

describe('authorization codes', () => {
  it('AZ-43 1,000 of them are unique, URL-safe, and hold 256 secret bits behind the id of their grant', () => {
    const codes = Array.from({ length: 1000 }, () =>
      createCode(
        createGrantId(defaultRuntime),
        Buffer.from(defaultRuntime.randomBytes(32)).toString('base64url'),
      ),
    )
    expect(new Set(codes).size).toBe(1000)
    expect(new Set(codes.map((code) => code.slice(23))).size).toBe(1000)
    for (const code of codes) {
      expect(encodeURIComponent(code)).toBe(code)
      expect(grantIdOfCode(code)).toBe(code.slice(0, 22))
    }
  })

  it.each([
    '',
    '.',
    'a.b',
    `${'g'.repeat(22)}.`,
    `${'g'.repeat(21)}.${'s'.repeat(43)}`,
    `${'g'.repeat(22)}.${'s'.repeat(44)}`,
    `${'g'.repeat(22)}.${'s'.repeat(42)}=`,
    `${'g'.repeat(22)}.${'s'.repeat(43)}\n`,
    `${'g'.repeat(22)}:${'s'.repeat(43)}`,
  ])('AC-12 "%s" is none', (text) => {
    expect(grantIdOfCode(text)).toBeUndefined()
  })
})

describe('refresh tokens', () => {
  it('tell their grant, generation and family, and have a secret of their own each', async () => {
    const [one, two] = [
      await createRefreshToken(grantId, 7, family, defaultRuntime),
      await createRefreshToken(grantId, 7, family, defaultRuntime),
    ]
    expect(one).not.toBe(two)
    expect(encodeURIComponent(one)).toBe(one)
    const parts = await parseRefreshToken(one)
    expect(parts).toMatchObject({ grantId, generation: 7, family })
    expect(parts?.hash).not.toBe((await parseRefreshToken(two))?.hash)
  })

  it('are named in the storage by a hash from which neither they nor their family follow', async () => {
    const token = await createRefreshToken(grantId, 0, family, defaultRuntime)
    const { hash = '' } = (await parseRefreshToken(token)) ?? {}
    expect(hash).toMatch(/^[\w-]{43}$/)
    expect(token).not.toContain(hash.slice(0, 8))
  })

  it('RT-14 are none when any one character differs, whichever it is', async () => {
    const token = await createRefreshToken(grantId, 12, family, defaultRuntime)
    for (let at = 0; at < token.length; at++)
      for (const other of ['A', 'B', '0', '-', '.', '=', ' ']) {
        if (token[at] === other) continue
        expect(await parseRefreshToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
      }
  })

  it('RT-14 cannot be put together from two tokens', async () => {
    const other = createFamily(defaultRuntime)
    const mine = (await createRefreshToken(grantId, 1, family, defaultRuntime)).split('.')
    const theirs = (await createRefreshToken(createGrantId(defaultRuntime), 2, other, defaultRuntime)).split(
      '.',
    )
    for (let mask = 1; mask < 15; mask++) {
      const mixed = mine.map((part, index) => ((mask >> index) & 1 ? theirs[index] : part)).join('.')
      expect(await parseRefreshToken(mixed)).toBeUndefined()
    }
  })

  it.each([
    '',
    '...',
    'a.0.b.c',
    `${'g'.repeat(22)}.-1.${'b'.repeat(56)}.${'m'.repeat(22)}`,
    `${'g'.repeat(22)}.1e3.${'b'.repeat(56)}.${'m'.repeat(22)}`,
    `${'g'.repeat(22)}.1234567890.${'b'.repeat(56)}.${'m'.repeat(22)}`,
  ])('RT-14 "%s" is none', async (text) => {
    expect(await parseRefreshToken(text)).toBeUndefined()
  })
})
