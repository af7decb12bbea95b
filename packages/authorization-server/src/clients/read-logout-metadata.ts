import { postLogoutProblem } from './logout-metadata.ts'
import type { RegistrationRules } from './client-metadata.ts'
import type { LogoutMetadata } from './logout-metadata.ts'
import { invalidMetadata as invalid, strings, text } from './metadata-values.ts'
import type { SentMetadata } from './metadata-values.ts'

const maximumRedirectUris = 10

/** Reads what a client says about logouts. @throws {OAuthError} `invalid_client_metadata` */
export function logoutMetadata(
  sent: SentMetadata,
  { allowedSchemes, parts }: Pick<RegistrationRules, 'allowedSchemes' | 'parts'>,
): LogoutMetadata {
  const redirectUris = strings(sent, 'post_logout_redirect_uris')
  if (redirectUris !== undefined && redirectUris.length > maximumRedirectUris)
    throw invalid(`post_logout_redirect_uris may name at most ${maximumRedirectUris} redirect URIs`)
  for (const [index, uri] of (redirectUris ?? []).entries()) {
    const problem = postLogoutProblem(uri, allowedSchemes)
    if (problem !== undefined) throw invalid(`post_logout_redirect_uris[${index}]: ${problem}`)
  }
  const logoutUri = text(sent, 'backchannel_logout_uri', 2048)
  const problem = logoutUri && parts.backChannelLogout?.problem(logoutUri, 'stranger')
  if (problem !== undefined) throw invalid(`backchannel_logout_uri: ${problem}`)
  return {
    ...(redirectUris === undefined ? {} : { post_logout_redirect_uris: redirectUris }),
    ...(logoutUri === undefined ? {} : { backchannel_logout_uri: logoutUri }),
  }
}
