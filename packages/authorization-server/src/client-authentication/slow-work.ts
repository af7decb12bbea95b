import { OAuthError } from '@gatewright/core'

// Node has four threads for this, and every other digest and signature needs one of them.
const atOnce = 2
const maximumWaiting = 16

/** Runs expensive work, few at once. */
export type SlowWork = <Value>(work: () => Promise<Value>) => Promise<Value>

/**
 * Bounds how much expensive work runs and waits, since anybody can ask for it.
 *
 * The returned function throws an `OAuthError` with `temporarily_unavailable` when too many wait already.
 */
export function createSlowWork(): SlowWork {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= maximumWaiting)
        throw new OAuthError('temporarily_unavailable', 'the server is busy', {
          headers: { 'retry-after': '1' },
        })
      // Whoever finishes hands the place over, so that nobody who comes later takes it.
      await new Promise<void>((turn) => waiting.push(turn))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
