import type { Key, Revision, Stored } from '@gatewright/storage'

/**
 * Returns a record as Redis keeps it: expiry (`-` for never), revision, JSON. The first two are at the beginning and
 * have a bounded length, so that a script judges a record by its first bytes.
 */
export function encodeRecord(expiresAt: number | null, revision: Revision, json: string): string {
  return `${expiresAt ?? '-'} ${revision} ${json}`
}

/** Returns the record, or `undefined` when it has expired. */
export function decodeRecord(key: Key, text: string, now: number): Stored | undefined {
  const first = text.indexOf(' ')
  const second = text.indexOf(' ', first + 1)
  const expiry = text.slice(0, first)
  const expiresAt = expiry === '-' ? null : Number(expiry)
  if (expiresAt !== null && expiresAt <= now) return undefined
  const { partition, collection, id } = key
  return {
    key: { partition, collection, id },
    value: JSON.parse(text.slice(second + 1)) as unknown,
    revision: text.slice(first + 1, second) as Revision,
    expiresAt,
  }
}
