import { describe, expect, it } from 'vitest'
import { timeWindow } from '@gatewright/policy'
import { input } from './support.ts'

describe('timeWindow', () => {
  const office = timeWindow({
    from: '09:00',
    to: '17:30',
    timeZone: 'Europe/Berlin',
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  })

  it.each([
    ['2026-01-05T07:59:59Z', false],
    ['2026-01-05T08:00:00Z', true],
    ['2026-01-05T16:29:59Z', true],
    ['2026-01-05T16:30:00Z', false],
    ['2026-01-04T12:00:00Z', false],
    // in summer Berlin is two hours ahead
    ['2026-07-06T07:00:00Z', true],
  ])('%s in office hours: %s', async (time, expected) => {
    expect((await office(input({ time }))).allowed).toBe(expected)
  })

  it('ends on the next day when it ends before it begins', async () => {
    const night = timeWindow({ from: '22:00', to: '06:00', timeZone: 'UTC', days: ['fri'] })
    const at = async (time: string) => (await night(input({ time }))).allowed
    expect(await at('2026-01-02T22:00:00Z')).toBe(true)
    expect(await at('2026-01-03T05:59:00Z')).toBe(true)
    expect(await at('2026-01-03T06:00:00Z')).toBe(false)
    expect(await at('2026-01-03T22:00:00Z')).toBe(false)
  })

  it.each([
    { from: '9:00', to: '17:00', timeZone: 'UTC' },
    { from: '09:00', to: '24:00', timeZone: 'UTC' },
    { from: '09:00', to: '09:00', timeZone: 'UTC' },
    { from: '09:00', to: '17:00', timeZone: 'UTC', days: [] },
  ] as const)('refuses %o at construction', (window) => {
    expect(() => timeWindow(window)).toThrow(TypeError)
  })

  it('refuses an unknown time zone at construction', () => {
    expect(() => timeWindow({ from: '09:00', to: '17:00', timeZone: 'Mars/Olympus' })).toThrow(RangeError)
  })
})
