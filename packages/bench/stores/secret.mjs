import { randomBytes } from 'node:crypto'

let pool = randomBytes(0)

/** Random bytes as base64url. Many are drawn at once: a million records need several million, and a call of its own for each takes longest. */
export function secret(size) {
  if (pool.length < size) pool = randomBytes(65_536)
  const text = pool.toString('base64url', 0, size)
  pool = pool.subarray(size)
  return text
}
