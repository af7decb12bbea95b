import { compileRegistration } from './compile-registration.ts'
import { explainMismatch } from './explain-mismatch.ts'
import { patternKey } from './pattern-key.ts'
import type { RedirectUriMatch, RedirectUriRule } from './redirect-uri-match.ts'
import type { RedirectUriOptions } from './redirect-uri-options.ts'
import type { ValidatedRedirectUri } from './validated-redirect-uri.ts'

/** Decides whether a presented redirect URI is one that the client has registered. */
export interface RedirectUriMatcher {
  /** Compares the raw string; the cost of a match does not grow with the number of registered URIs. */
  match(presented: string): RedirectUriMatch
}

/**
 * Compiles a client's registered redirect URIs into a matcher; do this once per client, not once per request.
 *
 * A URI matches when it equals an entry as a string. Beyond that only the port of an `http` loopback URI and,
 * where the operator has switched them on, `*` as its port or as first label of an `https` host are free. An
 * entry that {@link checkRedirectUri} refuses never matches, not even itself. Does not check whether the
 * client may use the flow, nor what an omitted `redirect_uri` stands for.
 *
 * @example
 * ```ts
 * const matcher = createRedirectUriMatcher(['http://127.0.0.1/callback'], { anyLoopbackPort: true })
 * matcher.match('http://127.0.0.1:51004/callback') // { matched: true, rule: 'loopback-port', ... }
 * matcher.match('http://localhost:51004/callback') // { matched: false, reason: 'loopback_host_differs', ... }
 * ```
 * @see [RFC 9700 §2.1 - Protecting Redirect-Based Flows](https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1)
 * @see [RFC 8252 §7.3 - Loopback Interface Redirection](https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3)
 */
export function createRedirectUriMatcher(
  registered: readonly string[],
  options: RedirectUriOptions = {},
): RedirectUriMatcher {
  const registration = compileRegistration(registered, options)
  const { exact, patterns } = registration
  return {
    match(presented) {
      if (exact.has(presented)) return matched(presented, presented, 'exact')
      const entry = patterns.get(patternKey(presented) ?? '')
      if (entry) return matched(presented, entry.registered, entry.rule)
      return explainMismatch(presented, registration)
    },
  }
}

function matched(presented: string, registered: string, rule: RedirectUriRule): RedirectUriMatch {
  return { matched: true, redirectUri: presented as ValidatedRedirectUri, registered, rule }
}
