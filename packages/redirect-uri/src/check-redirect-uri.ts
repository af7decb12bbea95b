import type { RedirectUriOptions } from './redirect-uri-options.ts'
import { problemText, type RedirectUriProblem } from './redirect-uri-problem.ts'
import { isProblem, registrationVerdict, type RedirectUriKind } from './registration-verdict.ts'

/** The result of checking a redirect URI at registration; `message` is one ASCII sentence without the URI. */
export type RedirectUriCheck =
  { ok: true; kind: RedirectUriKind } | { ok: false; reason: RedirectUriProblem; message: string }

/**
 * Checks whether a redirect URI may be registered, and says why not.
 *
 * Wildcards and private-use schemes without a dot are refused unless the options allow them; for a dynamic
 * registration pass `allowedSchemes` at most. Does not check that the host exists, who owns it, how many URIs a
 * client registers, or whether their kind suits the client's type.
 *
 * @example
 * ```ts
 * checkRedirectUri('https://app.example.com/callback') // { ok: true, kind: 'https' }
 * checkRedirectUri('javascript:alert(1)') // { ok: false, reason: 'dangerous_scheme', message: '...' }
 * ```
 * @see [RFC 7591 §5 - Security Considerations](https://www.rfc-editor.org/rfc/rfc7591.html#section-5)
 */
export function checkRedirectUri(uri: string, options: RedirectUriOptions = {}): RedirectUriCheck {
  const verdict = registrationVerdict(uri, options)
  if (isProblem(verdict)) return { ok: false, reason: verdict, message: `The ${problemText(verdict)}` }
  return { ok: true, kind: verdict }
}
