/** Remembers what was made for a key until shortly before it expires, and makes it once for all who wait for it. */
export interface TokenCache<Value extends { readonly expiresAt: number | undefined }> {
  get(key: string, make: () => Promise<Value>): Promise<Value>
  /** Forgets every value that the test picks. */
  forget(test: (value: Value) => boolean): void
  readonly size: number
}

/**
 * Makes an empty cache.
 *
 * A value is given out while at least a fifth of its life is left, and 30 seconds at most: it must still be valid when the request
 * that carries it arrives. What failed is not remembered.
 */
export function createTokenCache<Value extends { readonly expiresAt: number | undefined }>(
  maximum: number,
  now: () => number,
): TokenCache<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>()
  const running = new Map<string, Promise<Value>>()

  function keep(key: string, value: Value, madeAt: number): void {
    if (value.expiresAt === undefined) return
    const until = value.expiresAt - Math.min(30_000, (value.expiresAt - madeAt) / 5)
    if (until <= now()) return
    kept.set(key, { value, until })
    if (kept.size <= maximum) return
    for (const [each, entry] of kept) if (entry.until <= now()) kept.delete(each)
    for (const each of kept.keys()) {
      if (kept.size <= maximum) break
      kept.delete(each)
    }
  }

  return {
    get size() {
      return kept.size
    },
    async get(key, make) {
      const found = kept.get(key)
      if (found !== undefined) {
        kept.delete(key)
        if (found.until > now()) {
          // Last in, last out: what is used stays.
          kept.set(key, found)
          return found.value
        }
      }
      const waiting = running.get(key)
      if (waiting !== undefined) return waiting
      const madeAt = now()
      const making = make()
      running.set(key, making)
      try {
        const value = await making
        keep(key, value, madeAt)
        return value
      } finally {
        running.delete(key)
      }
    },
    forget(test) {
      for (const [key, { value }] of kept) if (test(value)) kept.delete(key)
    },
  }
}
