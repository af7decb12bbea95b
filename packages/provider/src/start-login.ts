import { encodeBase64url } from '@gatewright/core'
import type { LoginStart, PendingLogin } from '@gatewright/core'
import { calculateCodeChallenge, createCodeVerifier } from '@gatewright/pkce'
import { authorizationUrl } from './authorization-url.ts'
import { expectsIdToken } from './connection.ts'
import type { Connection } from './connection.ts'

/**
 * Makes the URL to send the browser to, with a fresh state, nonce and verifier.
 *
 * @see [RFC 6749 §4.1.1 - Authorization Request](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1)
 */
export async function startLogin(
  { redirectUri, loginHint, uiLocales, freshLogin }: LoginStart,
  connection: Connection,
): Promise<{ readonly url: string; readonly pending: PendingLogin }> {
  const { id, clientId, runtime, scope, pkce, authorizationParameters } = connection
  const server = await connection.server()
  const secret = () => encodeBase64url(runtime.randomBytes(32))
  const state = secret()
  const nonce = expectsIdToken(connection, server) ? secret() : undefined
  const codeVerifier = pkce ? createCodeVerifier((size) => runtime.randomBytes(size)) : undefined
  const oidc = nonce === undefined ? {} : { nonce, login_hint: loginHint, ui_locales: uiLocales?.join(' ') }
  const url = authorizationUrl(server.authorization_endpoint ?? '', {
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    response_type: 'code',
    state,
    ...(codeVerifier === undefined
      ? {}
      : { code_challenge: await calculateCodeChallenge(codeVerifier), code_challenge_method: 'S256' }),
    ...oidc,
    ...(nonce !== undefined && freshLogin === true ? { prompt: 'login' } : {}),
    ...authorizationParameters,
  })
  return { url, pending: { provider: id, state, redirectUri, codeVerifier, nonce } }
}
