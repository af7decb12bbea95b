/** A clock that only a test moves. */
export interface TestClock {
  /** The current instant in milliseconds. */
  readonly now: () => number
  /** Moves the clock by seconds. */
  advance(seconds: number): void
}

/**
 * Makes a clock that stands still until it is moved.
 *
 * @param start milliseconds since the epoch
 * @example
 * ```ts
 * const clock = createTestClock(Date.parse('2026-01-01T00:00:00Z'))
 * clock.advance(60)
 * ```
 */
export function createTestClock(start = Date.parse('2026-01-01T00:00:00Z')): TestClock {
  let instant = start
  return {
    now: () => instant,
    advance(seconds) {
      instant += seconds * 1000
    },
  }
}
