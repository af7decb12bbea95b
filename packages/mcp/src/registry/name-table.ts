/** Names of one kind of entry, none of which can be taken for another. */
export interface NameTable<Entry> {
  /** Adds an entry under all of its names, or under none. @throws {TypeError} when a name is malformed, or looks like one that is taken */
  add(names: readonly string[], entry: Entry, kind: string): void
  /** Frees all names of an entry. */
  remove(entry: Entry): void
  /** Exactly this name, or `undefined`; nothing is folded, trimmed or decoded. */
  get(name: unknown): Entry | undefined
}

/** Makes an empty table. */
export function createNameTable<Entry>(): NameTable<Entry> {
  // A Map has no prototype to fall through to: `__proto__` and `constructor` are names like any other.
  const entries = new Map<unknown, Entry>()
  const folded = new Map<string, string>()

  function check(name: unknown, kind: string): string {
    const what = `the ${kind} "${String(name)}"`
    if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,128}$/.test(name))
      throw new TypeError(`${what} must have a name of 1 to 128 letters, digits, "_", "-" or "."`)
    const fold = foldName(name)
    const taken = folded.get(fold)
    // People and models confuse names that differ in case only, and then grant the wrong one.
    if (taken !== undefined) throw new TypeError(`${what} has a name too close to "${taken}"`)
    return fold
  }
  return {
    add(names, entry, kind) {
      const folds = names.map((name) => check(name, kind))
      if (new Set(folds).size !== folds.length)
        throw new TypeError(`the ${kind} "${names[0] ?? ''}" has a name too close to another of its own`)
      names.forEach((name, index) => {
        folded.set(folds[index] ?? name, name)
        entries.set(name, entry)
      })
    },
    remove(entry) {
      for (const [name, known] of entries)
        if (known === entry) {
          entries.delete(name)
          folded.delete(foldName(name as string))
        }
    },
    get: (name) => entries.get(name),
  }
}

function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
