/**
 * The opaque mark of one write to one record. Random and never used again, so that a stale `replace` fails even
 * after the record was deleted and inserted anew (a counter per record would start over and let it succeed).
 *
 * @group Contract
 */
export type Revision = string & { readonly __revision: unique symbol }

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const length = 22
const pool = new Uint8Array(length * 64)
let used = pool.length

/**
 * Returns a new revision: 132 random bits as 22 base64url characters. For authors of drivers.
 *
 * @group For drivers
 */
export function createRevision(): Revision {
  // One call for 64 revisions: asking the system for random bytes costs more than everything else here.
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  let text = ''
  for (const end = used + length; used < end; used++) text += alphabet.charAt((pool[used] ?? 0) & 63)
  return text as Revision
}
