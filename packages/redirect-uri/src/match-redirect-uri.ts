import type { RedirectUriMatch } from './redirect-uri-match.ts'
import { createRedirectUriMatcher } from './redirect-uri-matcher.ts'
import type { RedirectUriOptions } from './redirect-uri-options.ts'

/**
 * Matches one presented redirect URI against a client's registered ones.
 *
 * It checks every entry on every call; where the same client comes again, keep a
 * {@link createRedirectUriMatcher} instead.
 *
 * @example
 * ```ts
 * const result = matchRedirectUri('https://app.example.com/callback', ['https://app.example.com/callback'])
 * if (result.matched) Response.redirect(result.redirectUri, 303)
 * ```
 * @see [RFC 9700 §2.1 - Protecting Redirect-Based Flows](https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1)
 */
export function matchRedirectUri(
  presented: string,
  registered: readonly string[],
  options: RedirectUriOptions = {},
): RedirectUriMatch {
  return createRedirectUriMatcher(registered, options).match(presented)
}
