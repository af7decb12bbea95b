import { OAuthError } from '@gatewright/core'
import { AuthorizationResponseError } from 'oauth4webapi'

const refusals = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'login_required',
])

/**
 * What to tell of something that went wrong at a provider. Its own words go into the cause and no further: whoever sends the
 * browser back could put anything there.
 */
export function loginError(thrown: unknown, displayName: string): OAuthError {
  if (thrown instanceof OAuthError) return thrown
  if (thrown instanceof AuthorizationResponseError) {
    if (refusals.has(thrown.error))
      return new OAuthError('access_denied', `the sign-in with ${displayName} was cancelled`, {
        cause: thrown,
      })
    if (thrown.error === 'temporarily_unavailable')
      return new OAuthError('temporarily_unavailable', `${displayName} is unavailable`, { cause: thrown })
    return new OAuthError('server_error', `${displayName} refused the request`, { cause: thrown })
  }
  return new OAuthError('server_error', `the answer of ${displayName} cannot be used`, { cause: thrown })
}
