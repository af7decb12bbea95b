import { verifyInstant, verifyKeyPart, verifyLimit } from '@gatewright/storage'
import type { ListOptions } from '@gatewright/storage'
import { listScript } from './list-script.ts'
import { memberStart } from './record-keys.ts'
import type { RecordKeys } from './record-keys.ts'
import type { RedisConnection } from './redis-connection.ts'

/** Entries that one call of the script may look at in vain, so that it does not keep Redis from its other work. */
const spare = 1000

/**
 * Returns a page of ids. One call of the script, and so a snapshot, unless more than a thousand records that have
 * expired lie between the live ones.
 */
export async function listIds(
  connection: RedisConnection,
  names: RecordKeys,
  partition: string,
  collection: string,
  { after, limit, now }: ListOptions,
): Promise<string[]> {
  verifyKeyPart('partition', partition)
  verifyKeyPart('collection', collection)
  if (after !== undefined) verifyKeyPart('after', after)
  verifyInstant('now', now)
  verifyLimit(limit)
  const start = memberStart(collection)
  const ids: string[] = []
  for (let from = `${start}${after ?? ''}`; ;) {
    const room = limit - ids.length
    const args = [start, from, now, room, room + spare].map(String)
    const [next, ...page] = (await listScript(connection, [names.index(partition)], args)) as string[]
    ids.push(...page)
    if (next === undefined || next === '') return ids
    from = next
  }
}
