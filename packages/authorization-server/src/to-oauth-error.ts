import { OAuthError } from '@gatewright/core'
import { isStorageError } from '@gatewright/storage'

/** What a client is told of anything thrown. The text of what is no `OAuthError` reaches events only. */
export function toOAuthError(thrown: unknown): OAuthError {
  if (thrown instanceof OAuthError) return thrown
  if (!isStorageError(thrown)) return new OAuthError('server_error', 'the server failed', { cause: thrown })
  return new OAuthError('temporarily_unavailable', 'the server is busy; try again in a moment', {
    headers: { 'retry-after': '1' },
    cause: thrown,
  })
}
