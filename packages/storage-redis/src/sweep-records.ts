import { verifyInstant, verifyLimit } from '@gatewright/storage'
import type { SweepOptions } from '@gatewright/storage'
import type { RecordKeys } from './record-keys.ts'
import type { RedisConnection, Send } from './redis-connection.ts'
import { sweepScript } from './sweep-script.ts'

/** Entries that one call of the script looks at: below a millisecond. */
const step = 300
/** Indexes that go into one call of the script. */
const batch = 100

/**
 * Removes expired records and the entries of those that Redis has freed itself, at most `limit`. It walks over all
 * indexes in small steps, so it costs as much as there are partitions, however little there is to do.
 */
export async function sweepRecords(
  connection: RedisConnection,
  names: RecordKeys,
  { now, limit }: SweepOptions,
): Promise<number> {
  verifyInstant('now', now)
  verifyLimit(limit)
  let total = 0
  for (const node of await connection.nodes())
    for await (const indexes of scan(node, names)) {
      // The slots of a cluster's indexes differ, and a script may touch only one.
      const size = connection.isCluster ? 1 : batch
      for (let start = 0; start < indexes.length; start += size) {
        const group = indexes.slice(start, start + size)
        total += await sweepGroup(connection, group, now, limit - total)
        if (total >= limit) return total
      }
    }
  return total
}

async function* scan(node: Send, names: RecordKeys): AsyncGenerator<string[]> {
  let cursor = '0'
  do {
    const reply = await node(['SCAN', cursor, 'MATCH', names.indexPattern, 'COUNT', '1000'])
    const [next, keys] = reply as [string, string[]]
    yield keys.filter((key) => names.isIndex(key))
    cursor = next
  } while (cursor !== '0')
}

async function sweepGroup(
  connection: RedisConnection,
  indexes: readonly string[],
  now: number,
  limit: number,
): Promise<number> {
  let total = 0
  let after = ''
  for (let [first, ...rest] = indexes; first !== undefined; [first, ...rest] = indexes) {
    const args = [now, limit - total, step, after].map(String)
    const reply = await sweepScript(connection, [first, ...rest], args)
    const [removed, stopped, entry] = reply as [number, number, string]
    total += removed
    if (stopped === 0 || total >= limit) return total
    indexes = [first, ...rest].slice(stopped - 1)
    after = entry
  }
  return total
}
