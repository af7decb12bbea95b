/** An `http` URI on a loopback host, cut into raw pieces. */
export interface LoopbackUri {
  /** The raw text between the host's colon and the path, unchecked; `undefined` without a colon. */
  port: string | undefined
  /** The URI without its port: what stays the same whatever port the client gets. */
  portless: string
}

// RFC 8252 §7.3: exactly these spellings. A parser that normalizes would also take 0x7f000001, [0:0::1],
// LOCALHOST or full-width digits.
const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1]|localhost))(?::([^/]*))?(\/.*)?$/

/** Cuts an `http` loopback URI into pieces, or returns `undefined` when it is none. */
export function parseLoopbackUri(uri: string): LoopbackUri | undefined {
  const match = loopback.exec(uri)
  if (!match) return undefined
  const [, origin, port, path = ''] = match
  return { port, portless: `${origin}${path}` }
}

/** Whether the raw port is absent or a number from 1 to 65535 without leading zero. */
export function isPort(port: string | undefined): boolean {
  return port === undefined || (/^[1-9]\d{0,4}$/.test(port) && Number(port) < 65_536)
}
