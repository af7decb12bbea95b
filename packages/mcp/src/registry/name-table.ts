/** Names of one kind of entry, none of which can be taken for another. */
export interface NameTable<Entry> {
  /** @throws {TypeError} when the name is malformed, or looks like one that is taken */
  add(name: string, entry: Entry, what: string): void
  /** Exactly this name, or `undefined`; nothing is folded, trimmed or decoded. */
  get(name: unknown): Entry | undefined
}

/** Makes an empty table. */
export function createNameTable<Entry>(): NameTable<Entry> {
  // A Map has no prototype to fall through to: `__proto__` and `constructor` are names like any other.
  const entries = new Map<unknown, Entry>()
  const folded = new Map<string, string>()
  return {
    add(name, entry, what) {
      if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,128}$/.test(name))
        throw new TypeError(`${what} must have a name of 1 to 128 letters, digits, "_", "-" or "."`)
      const fold = name.normalize('NFKC').toLowerCase()
      const taken = folded.get(fold)
      // People and models confuse names that differ in case only, and then grant the wrong one.
      if (taken !== undefined) throw new TypeError(`${what} has a name too close to "${taken}"`)
      folded.set(fold, name)
      entries.set(name, entry)
    },
    get: (name) => entries.get(name),
  }
}
