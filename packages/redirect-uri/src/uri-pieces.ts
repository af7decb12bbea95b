const uri = /^([^:]*):(?:\/\/(\[[^\]]*]|[^:/?]*)(?::([^/?]*))?)?([^?]*)(.*)$/

/** The names of the pieces, heavy to light. URIs of different parties have nothing to do with each other. */
export const pieceNames = [
  'party',
  'path',
  'scheme',
  'loopback_host',
  'trailing_slash',
  'port',
  'query',
] as const

/**
 * Cuts a URI into the pieces in which it may differ from another, in lower case. For an explanation only, never
 * for a decision.
 */
export function uriPieces(raw: string): readonly (string | undefined)[] {
  const [, scheme, host, port, path, query] = uri.exec(raw.toLowerCase()) ?? []
  const party = host === '127.0.0.1' || host === '[::1]' ? 'localhost' : host || scheme
  return [party, path?.replace(/\/$/, ''), scheme, host, path, port, query]
}
