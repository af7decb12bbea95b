/**
 * Why a redirect URI cannot be registered.
 *
 * `scheme_not_allowed` says that nothing else is wrong: the URI has a well-formed private-use scheme which
 * the server does not allow yet. A dynamic registration may store such a URI; it never matches. With any
 * other reason the registration is to be refused as a whole.
 */
export type RedirectUriProblem =
  | 'too_long'
  | 'dangerous_scheme'
  | 'fragment'
  | 'forbidden_character'
  | 'not_absolute'
  | 'userinfo'
  | 'wildcard_not_allowed'
  | 'invalid_port'
  | 'http_not_loopback'
  | 'not_canonical'
  | 'scheme_not_allowed'

const hints: Readonly<Partial<Record<RedirectUriProblem, string>>> = {
  http_not_loopback: 'http is for 127.0.0.1, [::1] and localhost',
  not_canonical: 'case, default port, dot segments or empty path',
}

/** A problem in words, as the end of a sentence that begins with whose redirect URI it is. */
export function problemText(problem: RedirectUriProblem): string {
  const hint = hints[problem]
  return `redirect URI is refused: ${problem.replaceAll('_', ' ')}${hint ? ` (${hint})` : ''}.`
}
