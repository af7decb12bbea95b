import { parseLoopbackUri } from './loopback-uri.ts'
import type { RedirectUriRule } from './redirect-uri-match.ts'
import type { RedirectUriOptions } from './redirect-uri-options.ts'
import type { RedirectUriProblem } from './redirect-uri-problem.ts'
import { isProblem, registrationVerdict } from './registration-verdict.ts'

/** A client's registered redirect URIs, each checked once and kept under what it is looked up by. */
export interface CompiledRegistration {
  /** The entries that match themselves. */
  exact: Set<string>
  /** The entries that match more than themselves, by their {@link patternKey}. */
  patterns: Map<string, { registered: string; rule: RedirectUriRule }>
  /** The entries that match nothing, by themselves and by the pattern that they would have. */
  unusable: Map<string, { registered: string; problem: RedirectUriProblem }>
}

/** Checks and sorts a client's registered redirect URIs. */
export function compileRegistration(
  uris: readonly string[],
  options: RedirectUriOptions,
): CompiledRegistration {
  const compiled: CompiledRegistration = { exact: new Set(), patterns: new Map(), unusable: new Map() }
  for (const registered of uris) {
    const verdict = registrationVerdict(registered, options)
    const loopback = parseLoopbackUri(registered)
    const pattern = loopback?.portless ?? registered
    if (isProblem(verdict)) {
      const entry = { registered, problem: verdict }
      compiled.unusable.set(registered, entry).set(pattern, entry)
    } else if (registered.includes('*')) {
      compiled.patterns.set(pattern, { registered, rule: loopback ? 'port-wildcard' : 'subdomain-wildcard' })
    } else {
      compiled.exact.add(registered)
      if (loopback && hasFreePort(registered, options))
        compiled.patterns.set(pattern, { registered, rule: 'loopback-port' })
    }
  }
  return compiled
}

function hasFreePort(loopbackUri: string, options: RedirectUriOptions): boolean {
  if (!options.anyLoopbackPort) return false
  // RFC 8252 §8.3: unlike the addresses, the name may resolve to another interface.
  return options.localhostAnyPort !== false || !loopbackUri.startsWith('http://localhost')
}
