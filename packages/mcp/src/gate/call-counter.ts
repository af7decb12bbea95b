/** Counts calls; the `Counter` of `@gatewright/storage` is one, and counts across processes. */
export interface CallCounter {
  hit(
    key: string,
    options: { readonly window: number; readonly limit: number; readonly now: number },
  ): Promise<{ readonly allowed: boolean; /** Instant in milliseconds. */ readonly resetAt: number }>
}

interface Window {
  count: number
  readonly resetAt: number
}

const maximumKeys = 100_000

/**
 * Counts in this process alone, in windows that begin with the first call.
 *
 * It remembers a bounded number of windows: beyond it the oldest is forgotten, which gives that caller a new one.
 */
export function createLocalCounter(): CallCounter {
  const windows = new Map<string, Window>()
  return {
    async hit(key, { window, limit, now }) {
      let current = windows.get(key)
      if (current === undefined || current.resetAt <= now) {
        windows.delete(key)
        for (const [oldest, { resetAt }] of windows) {
          if (windows.size < maximumKeys && resetAt > now) break
          windows.delete(oldest)
        }
        current = { count: 0, resetAt: now + window * 1000 }
        windows.set(key, current)
      }
      if (current.count >= limit) return { allowed: false, resetAt: current.resetAt }
      current.count++
      return { allowed: true, resetAt: current.resetAt }
    },
  }
}
