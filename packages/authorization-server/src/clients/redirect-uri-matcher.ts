import { createRedirectUriMatcher } from '@gatewright/redirect-uri'
import type { RedirectUriMatcher } from '@gatewright/redirect-uri'
import type { Client } from './client.ts'

const compiled = new WeakMap<Client, RedirectUriMatcher>()

/** The client's compiled matcher; compiled once for a client object, however many redirect URIs it has. */
export function redirectUriMatcher(client: Client): RedirectUriMatcher {
  const known = compiled.get(client)
  if (known !== undefined) return known
  const matcher = createRedirectUriMatcher(client.redirect_uris, {
    // RFC 8252 §7.3: native clients choose their port at run time.
    anyLoopbackPort: client.application_type === 'native' && client.authenticationMethods[0] === 'none',
    // Only an operator can have written `*`: dynamic registration refuses it.
    wildcardPort: client.verified,
    allowedSchemes: client.allowedSchemes ?? [],
  })
  compiled.set(client, matcher)
  return matcher
}
