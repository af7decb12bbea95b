import { isPort, parseLoopbackUri } from './loopback-uri.ts'
import type { RedirectUriProblem } from './redirect-uri-problem.ts'

/** The greatest length of a redirect URI, in bytes. */
export const maximumLength = 2048

// RFC 3986 §2: the characters of a URI and nothing else. Parsers disagree about all others: a browser reads a
// backslash as slash, strips tabs and newlines, and maps full-width letters to ASCII.
const uriCharacters = /^(?:[\w.~:/?[\]@!$&'()*+,;=-]|%[\da-f]{2})*$/i

// RFC 9700 §4.11.2: these run script, open local files, or carry the code to another party (mail, sockets).
const dangerousSchemes = new Set(
  (
    'javascript data vbscript file filesystem blob about view-source jar intent ' +
    'urn mailto sms tel ftp ws wss'
  ).split(' '),
)

/** Why the text can be no client's redirect URI, whatever the options; `undefined` when it can. */
export function syntaxProblem(uri: string): RedirectUriProblem | undefined {
  if (uri.length > maximumLength) return 'too_long'
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(uri)?.[0] ?? ''
  if (dangerousSchemes.has(scheme.toLowerCase())) return 'dangerous_scheme'
  // RFC 6749 §3.1.2: a fragment would swallow the parameters that are appended.
  if (uri.includes('#')) return 'fragment'
  if (!uriCharacters.test(uri)) return 'forbidden_character'
  if (!scheme) return 'not_absolute'
  // RFC 3986 §7.6: https://trusted.example@evil.example/ goes to evil.example.
  if (/^[^:]+:\/\/[^/?]*@/.test(uri)) return 'userinfo'
  const loopback = parseLoopbackUri(uri)
  return loopback && loopback.port !== '*' && !isPort(loopback.port) ? 'invalid_port' : undefined
}
