import type { Key, Stored } from '@gatewright/storage'
import type { ServerContext } from '../server-context.ts'

/** Reads records in one round trip. */
export type ReadRecords = (keys: readonly Key[]) => Promise<readonly (Stored | undefined)[]>

/**
 * The reads of one request: whoever reads first brings what the request will need anyway.
 *
 * What was read ahead is handed out once, and only while it lives. Who asks again asks the storage: after a lost commit only a
 * fresh record tells anything.
 */
export interface ReadAhead {
  /** Reads records, out of what was read ahead when all of them are there. */
  readonly get: ReadRecords
  /** The same, and a trip to the storage also brings those others and all that the request is known to need. */
  getWith(keys: readonly Key[], others: readonly Key[]): ReturnType<ReadRecords>
}

/**
 * Starts the reads of a request.
 *
 * @param needed tells what the request will read later; it is asked once, before the first trip that brings others
 */
export function createReadAhead(
  server: ServerContext,
  needed: () => Promise<readonly Key[]> = async () => [],
): ReadAhead {
  const ahead = new Map<string, Stored | undefined>()
  let asked = false

  function take(keys: readonly Key[]): readonly (Stored | undefined)[] | undefined {
    const names = keys.map(nameOf)
    if (!names.every((name) => ahead.has(name))) return undefined
    const now = server.now()
    return names.map((name) => {
      const stored = ahead.get(name)
      ahead.delete(name)
      return stored === undefined || (stored.expiresAt ?? Infinity) > now ? stored : undefined
    })
  }

  return {
    get: async (keys) => take(keys) ?? server.storage.get(keys, server.now()),
    async getWith(keys, others) {
      const taken = take(keys)
      if (taken !== undefined) return taken
      const wanted = asked ? others : [...others, ...(await needed())]
      asked = true
      // Each once: what is needed later may be what is asked for now.
      const more = new Map(wanted.map((key) => [nameOf(key), key]))
      for (const key of keys) more.delete(nameOf(key))
      const found = await server.storage.get([...keys, ...more.values()], server.now())
      for (const [index, name] of [...more.keys()].entries()) ahead.set(name, found[keys.length + index])
      return found.slice(0, keys.length)
    },
  }
}

// NUL is no part of a key, so two keys cannot meet in one text.
const nameOf = ({ partition, collection, id }: Key) => `${partition}\0${collection}\0${id}`
