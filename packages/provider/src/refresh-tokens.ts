import { OAuthError } from '@gatewright/core'
import type { ProviderTokens } from '@gatewright/core'
import { processRefreshTokenResponse, refreshTokenGrantRequest, ResponseBodyError } from 'oauth4webapi'
import { clientOf, requestOptions } from './connection.ts'
import type { Connection } from './connection.ts'
import { loginError } from './login-error.ts'
import { standardTokenResponse, toTokens } from './token-response.ts'

/** Gets a new access token from a provider. @throws {OAuthError} as {@link Provider.refresh} says */
export async function refreshTokens(tokens: ProviderTokens, connection: Connection): Promise<ProviderTokens> {
  const { displayName, authentication, runtime } = connection
  const { refreshToken } = tokens
  if (refreshToken === undefined)
    throw new OAuthError('invalid_grant', `${displayName} issued no refresh token`)
  try {
    const server = await connection.server()
    const client = clientOf(connection)
    const response = await refreshTokenGrantRequest(
      server,
      client,
      authentication,
      refreshToken,
      requestOptions(connection),
    )
    if (response.status >= 500 || response.status === 429) throw unavailable(displayName, response)
    // An ID token of a refresh says nothing about a login.
    const standard = await standardTokenResponse(response, false)
    const { idToken, scope } = tokens
    const refreshed = toTokens(await processRefreshTokenResponse(server, client, standard), runtime.now())
    return { idToken, scope, refreshToken, ...refreshed }
  } catch (thrown) {
    if (thrown instanceof ResponseBodyError && thrown.error === 'invalid_grant')
      throw new OAuthError('invalid_grant', `the access at ${displayName} has ended`, { cause: thrown })
    throw loginError(thrown, displayName)
  }
}

function unavailable(displayName: string, { status }: Response): OAuthError {
  return new OAuthError('temporarily_unavailable', `${displayName} is unavailable`, {
    headers: { 'retry-after': '5' },
    cause: new Error(`the provider answered with status ${status}`),
  })
}
