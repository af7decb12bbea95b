import { isPort, parseLoopbackUri } from './loopback-uri.ts'
import { maximumLength } from './syntax-problem.ts'

// RFC 5891 §4.2.3.1: no "--" in third and fourth place, so that no punycode is matched.
const label = /^(?!..--)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/

/**
 * The one pattern under which a presented URI can match: itself without its port when it is an `http` loopback
 * URI, or with `*` for its first label when it is an `https` URI. `undefined` when it fits no pattern.
 *
 * Everything else in it stays raw, so a lookup compares host, path and query exactly.
 */
export function patternKey(presented: string): string | undefined {
  if (presented.length > maximumLength) return undefined
  const loopback = parseLoopbackUri(presented)
  if (loopback) return isPort(loopback.port) ? loopback.portless : undefined
  const dot = presented.indexOf('.', 8)
  if (dot === -1 || !presented.startsWith('https://') || !label.test(presented.slice(8, dot)))
    return undefined
  return `https://*${presented.slice(dot)}`
}
