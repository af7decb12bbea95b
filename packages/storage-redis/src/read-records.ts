import { verifyInstant, verifyKeys } from '@gatewright/storage'
import type { Key, Stored } from '@gatewright/storage'
import { decodeRecord } from './encode-record.ts'
import type { RecordKeys } from './record-keys.ts'
import type { RedisConnection } from './redis-connection.ts'

/**
 * Reads records by key with one `MGET`, which is a snapshot of one moment; on a cluster with one for each partition,
 * all sent at the same time.
 */
export async function readRecords(
  connection: RedisConnection,
  names: RecordKeys,
  keys: readonly Key[],
  now: number,
): Promise<(Stored | undefined)[]> {
  verifyKeys(keys)
  verifyInstant('now', now)
  const wanted = keys.map((key, position): Wanted => ({ key: { ...key }, position }))
  const found: (Stored | undefined)[] = keys.map(() => undefined)
  await Promise.all(
    groupsOf(wanted, connection.isCluster).map(async (group) => {
      const texts = await readGroup(connection, names, group)
      for (const [index, { key, position }] of group.entries()) {
        const text = texts[index]
        if (typeof text === 'string') found[position] = decodeRecord(key, text, now)
      }
    }),
  )
  return found
}

interface Wanted {
  readonly key: Key
  readonly position: number
}

function groupsOf(wanted: readonly Wanted[], byPartition: boolean): (readonly Wanted[])[] {
  if (wanted.length === 0) return []
  if (!byPartition) return [wanted]
  const groups = new Map<string, Wanted[]>()
  for (const one of wanted) {
    const { partition } = one.key
    const group = groups.get(partition)
    if (group === undefined) groups.set(partition, [one])
    else group.push(one)
  }
  return [...groups.values()]
}

async function readGroup(
  connection: RedisConnection,
  names: RecordKeys,
  group: readonly Wanted[],
): Promise<readonly unknown[]> {
  const records = group.map(({ key }) => names.record(key))
  const texts = await connection.send(records[0] ?? '', ['MGET', ...records])
  if (!Array.isArray(texts)) throw new TypeError('the client did not answer MGET with a list of texts')
  return texts
}
