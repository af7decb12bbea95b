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

interface DenoWithClients {
  createHttpClient(options: { poolMaxIdlePerHost: number }): unknown
}
const deno = (globalThis as { Deno?: DenoWithClients }).Deno
const isBun = 'Bun' in globalThis
let withoutKeptConnections: unknown

/** Sends a request once. */
function fetchOnce(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
  if (/^(?:GET|HEAD)$/i.test(method)) return fetch(input, init)
  // Bun sends once more what is idempotent, such as a DELETE.
  if (isBun && !/^(?:POST|PATCH)$/i.test(method)) return fetch(input, { ...init, keepalive: false })
  if (deno === undefined) return fetch(input, init)
  // Deno sends a POST, too, once more when a kept connection ends without an answer: a call would be made twice, a code redeemed
  // twice. On a connection of its own it does not.
  withoutKeptConnections ??= deno.createHttpClient({ poolMaxIdlePerHost: 0 })
  return fetch(input, { ...init, client: withoutKeptConnections } as RequestInit)
}

/** The runtime's own clock, random source and `fetch`. What is not a GET or HEAD request is never repeated by it. */
export const defaultRuntime: Runtime = { now: () => Date.now(), randomBytes, fetch: fetchOnce }
