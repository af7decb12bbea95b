/** The ambient capabilities. Everything else in Gatewright is a function of its arguments. */
export interface Runtime {
  /** The current instant in milliseconds since the epoch. */
  now(): number
  /** Bytes from a cryptographically secure source. */
  randomBytes(size: number): Uint8Array<ArrayBuffer>
  /** How requests to others are made. */
  fetch: typeof fetch
}

const pool = new Uint8Array(4096)
let used = pool.length

/** Bytes out of a pool: asking the system costs more than everything else about a secret. */
function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  if (size > 256) return crypto.getRandomValues(new Uint8Array(size))
  if (used + size > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + size)
  // What was handed out must not be found in memory once more.
  pool.fill(0, used, used + size)
  used += size
  return bytes
}

/** The runtime's own clock, random source and `fetch`. */
export const defaultRuntime: Runtime = {
  now: () => Date.now(),
  randomBytes,
  fetch: (...parameters) => fetch(...parameters),
}
