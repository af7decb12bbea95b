/** The ambient capabilities. Everything else in Gatewright is a function of its arguments. */
export interface Runtime {
  /** The current instant in milliseconds since the epoch. */
  now(): number
  /** Bytes from a cryptographically secure source. */
  randomBytes(size: number): Uint8Array<ArrayBuffer>
  /** How requests to others are made. */
  fetch: typeof fetch
}

/** The runtime's own clock, random source and `fetch`. */
export const defaultRuntime: Runtime = {
  now: () => Date.now(),
  randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
  fetch: (...parameters) => fetch(...parameters),
}
