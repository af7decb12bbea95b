import { runInNewContext, runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createEventSink } from '@gatewright/core'
import type { GatewrightEvent, OnEvent } from '@gatewright/core'

const now = () => 1_700_000_000_000

test('an event reaches the listener with its time', () => {
  const events: GatewrightEvent[] = []
  createEventSink((event) => events.push(event), now)({ type: 'token.issued', clientId: 'c1' })
  expect(events).toEqual([{ type: 'token.issued', clientId: 'c1', at: now() }])
})

test('without a listener the clock is not asked', () => {
  const sink = createEventSink(undefined, () => {
    throw new Error('asked')
  })
  expect(() => sink({ type: 'token.issued' })).not.toThrow()
})

test('a listener that throws changes nothing', () => {
  const failing: OnEvent = () => {
    throw new Error('disk full')
  }
  expect(() => createEventSink(failing, now)({ type: 'token.issued' })).not.toThrow()
})

/** What a process that ends on unhandled rejections would have ended on. */
async function rejectionsDuring(work: () => void): Promise<unknown[]> {
  const unhandled: unknown[] = []
  const record = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', record)
  try {
    work()
    // They are reported after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    return unhandled
  } finally {
    process.off('unhandledRejection', record)
  }
}

test.each([
  ['a promise', `Promise.reject(new Error('disk full'))`],
  ['a thenable', `({ then() { throw new Error('disk full') } })`],
  ['an object whose "then" cannot be read', `({ get then() { throw new Error('disk full') } })`],
])('%s that rejects, of this realm or another, leaves no rejection behind', async (_, result) => {
  for (const run of [runInThisContext, runInNewContext]) {
    const sink = createEventSink(() => run(result), now)
    expect(await rejectionsDuring(() => sink({ type: 'token.issued' }))).toEqual([])
  }
})

test('a listener that takes its time is not waited for', () => {
  let finished = false
  const slow = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    finished = true
  }
  createEventSink(slow, now)({ type: 'token.issued' })
  expect(finished).toBe(false)
})
