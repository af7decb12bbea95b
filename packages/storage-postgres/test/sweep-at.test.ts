import { expect, it } from 'vitest'
import { sweepAt } from '../src/sweep-at.ts'

const now = 1_900_000_000_000
const day = 86_400_000

it('is never before the expiry, and after it by at most a minute or a quarter of the lifetime', () => {
  for (let lifetime = 1; lifetime < 400 * day; lifetime = Math.ceil(lifetime * 1.7)) {
    const late = Number(sweepAt(now + lifetime, now)) - (now + lifetime)
    expect([lifetime, late >= 0, late <= Math.max(60_000, lifetime / 4)]).toEqual([lifetime, true, true])
  }
  expect(sweepAt(now - 5, now)).toBeGreaterThanOrEqual(now - 5)
  expect(sweepAt(null, now)).toBeNull()
})

it('is a whole number that a bigint column takes, however late the expiry', () => {
  for (const expiresAt of [8_640_000_000_000_000, Number.MAX_SAFE_INTEGER])
    expect(Number.isSafeInteger(sweepAt(expiresAt, 0)) && Number(sweepAt(expiresAt, 0)) >= expiresAt).toBe(
      true,
    )
})

it('stays the same nearly always while an expiry slides', () => {
  const places = Array.from({ length: 96 }, (_, renewal) => {
    const at = now + renewal * 900_000
    return sweepAt(at + 14 * day, at)
  })
  expect(new Set(places).size).toBeLessThanOrEqual(2)
})
