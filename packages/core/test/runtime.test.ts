import { expect, test } from 'vitest'
import { defaultRuntime } from '@gatewright/core'

test('the clock gives the current time in milliseconds', () => {
  const before = Date.now()
  const now = defaultRuntime.now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test('random bytes have the size that is asked for, and differ', () => {
  const [one, two] = [defaultRuntime.randomBytes(32), defaultRuntime.randomBytes(32)]
  expect([one.length, two.length, defaultRuntime.randomBytes(0).length]).toEqual([32, 32, 0])
  expect(one).not.toEqual(two)
})

test('fetch is the one that is global when it is called', async () => {
  const original = globalThis.fetch
  globalThis.fetch = async () => new Response('replaced')
  try {
    expect(await (await defaultRuntime.fetch('https://example.com')).text()).toBe('replaced')
  } finally {
    globalThis.fetch = original
  }
})
