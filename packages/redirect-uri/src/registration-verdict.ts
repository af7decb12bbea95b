import { parseLoopbackUri } from './loopback-uri.ts'
import type { RedirectUriOptions } from './redirect-uri-options.ts'
import type { RedirectUriProblem } from './redirect-uri-problem.ts'
import { syntaxProblem } from './syntax-problem.ts'

/**
 * Where a redirect URI leads: `loopback` to the user's own machine (with `http` or `https`), `https` to a web
 * server, `private-use` to an app that claims the scheme.
 */
export type RedirectUriKind = 'https' | 'loopback' | 'private-use'

const kinds = new Set<string>(['https', 'loopback', 'private-use'] satisfies RedirectUriKind[])

/** Whether a verdict refuses the URI. */
export function isProblem(verdict: RedirectUriKind | RedirectUriProblem): verdict is RedirectUriProblem {
  return !kinds.has(verdict)
}

// One label, and below it at least two more: https://*.com would hand codes to strangers.
const subdomainWildcard = /^https:\/\/\*(?=\.[^/?.]+\.[^/?.])/
const loopbackHost = /^(?:127\.[\d.]+|\[::1]|(?:.+\.)?localhost\.?)$/

/** The kind of a URI that may be registered with these options, or why it may not be. */
export function registrationVerdict(
  uri: string,
  options: RedirectUriOptions,
): RedirectUriKind | RedirectUriProblem {
  const problem = syntaxProblem(uri)
  if (problem) return problem

  const loopback = parseLoopbackUri(uri)
  let concrete = uri
  if (loopback && (loopback.port !== '*' || options.wildcardPort)) concrete = loopback.portless
  if (options.wildcardSubdomains) concrete = concrete.replace(subdomainWildcard, 'https://a')
  if (concrete.includes('*')) return 'wildcard_not_allowed'

  // A loopback URI may do without a path. One more slash at the end of a path or query changes nothing else.
  const url = parseCanonical(loopback ? `${concrete}/` : concrete)
  if (!url) return 'not_canonical'
  if (loopback) return 'loopback'
  // RFC 9700 §2.6: off loopback, http shows the code to everyone on the way.
  if (url.protocol === 'http:') return 'http_not_loopback'
  if (url.protocol === 'https:') return loopbackHost.test(url.hostname) ? 'loopback' : 'https'
  return isPrivateUseScheme(url.protocol.slice(0, -1), options) ? 'private-use' : 'scheme_not_allowed'
}

// RFC 8252 §7.1: without a reversed domain name nothing says whose scheme it is, so any app can claim it.
function isPrivateUseScheme(scheme: string, { allowedSchemes }: RedirectUriOptions): boolean {
  return /.\../.test(scheme) || allowedSchemes?.includes(scheme) === true
}

// A URI that the browser would rewrite leads elsewhere than it reads.
function parseCanonical(uri: string): URL | undefined {
  try {
    const url = new URL(uri)
    return url.href === uri ? url : undefined
  } catch {
    return undefined
  }
}
