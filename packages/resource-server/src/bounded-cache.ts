/** A map that forgets what was used least recently once it is full. */
export interface BoundedCache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/** Makes a cache of at most `limit` entries; with a limit of 0 it keeps nothing. */
export function createBoundedCache<Value>(limit: number): BoundedCache<Value> {
  const entries = new Map<string, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      // A Map iterates in the order of insertion, so what was just used moves to the end.
      if (value !== undefined && entries.delete(key)) entries.set(key, value)
      return value
    },
    set(key, value) {
      if (limit === 0) return
      entries.delete(key)
      const [oldest] = entries.size < limit ? [] : entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
      entries.set(key, value)
    },
    delete: (key) => void entries.delete(key),
  }
}
