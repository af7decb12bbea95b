import type { Key } from '@gatewright/storage'

/**
 * Names of what lies in Redis. All keys of one partition carry it as their hash tag (`{…}`) and so lie in one slot
 * of a cluster; the key of the partition's index is the beginning of the keys of its records.
 */
export interface RecordKeys {
  /** The sorted set with the names of all records of the partition. */
  index(partition: string): string
  record(key: Key): string
  /** Tells whether a key found in Redis is an index of this storage. */
  isIndex(key: string): boolean
  /** The pattern for `SCAN` that finds all indexes (and some records besides). */
  readonly indexPattern: string
}

/**
 * Creates the names under one prefix.
 *
 * Redis takes what stands between the first `{` and the first `}` after it. Braces inside the partition are escaped,
 * so that no partition can place its records in the slot of another, or end its tag early and meet another's keys.
 *
 * @throws TypeError for a malformed prefix.
 */
export function createRecordKeys(prefix: string): RecordKeys {
  if (typeof prefix !== 'string' || !/^[\w.:/-]{1,64}$/.test(prefix))
    throw new TypeError('prefix must consist of 1 to 64 letters, digits and _ . : / -')
  const indexName = new RegExp(`^${prefix.replaceAll('.', '\\.')}:\\{[^{}]+\\}$`)
  const index = (partition: string) =>
    `${prefix}:{${partition.replace(/[%{}]/g, (character) => encodeURIComponent(character))}}`
  return {
    index,
    record: (key) => `${index(key.partition)}:${memberStart(key.collection)}${key.id}`,
    isIndex: (key) => indexName.test(key),
    indexPattern: `${prefix}:{*}`,
  }
}

/** How the names of a collection's records begin in the index; the id follows as it is. */
export function memberStart(collection: string): string {
  // The first colon ends the collection, so that no other cut of the same text is the same record.
  return `${collection.replace(/[%:]/g, (character) => encodeURIComponent(character))}:`
}
