/** A map that forgets what was longest not asked for when it has more than `size` entries. */
export interface RecentMap<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
}

/** Creates a map with a bound, so that whoever can choose the keys cannot fill the memory. */
export function createRecentMap<Value>(size: number): RecentMap<Value> {
  const entries = new Map<string, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      for (const oldest of entries.keys()) {
        if (entries.size <= size) return
        entries.delete(oldest)
      }
    },
  }
}
