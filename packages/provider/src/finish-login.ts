import { OAuthError } from '@gatewright/core'
import type { Identity, PendingLogin, ProviderTokens } from '@gatewright/core'
import {
  authorizationCodeGrantRequest,
  nopkce,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import type { AuthorizationServer, TokenEndpointResponse } from 'oauth4webapi'
import { clientOf, expectsIdToken, requestOptions } from './connection.ts'
import type { Connection } from './connection.ts'
import { standardTokenResponse, toTokens } from './token-response.ts'
import { toIdentity } from './to-identity.ts'
import { fetchUserinfo, userinfoObject } from './userinfo.ts'
import { verifyIdToken } from './verify-id-token.ts'

/**
 * Checks what the browser brought back, exchanges the code and reads the user's claims.
 *
 * @throws {Error} whatever is wrong with the answers; the caller decides what is told of it
 * @see [RFC 9207 §2.4 - Validating the Issuer Identifier](https://www.rfc-editor.org/rfc/rfc9207.html#section-2.4)
 */
export async function finishLogin(
  parameters: URLSearchParams,
  pending: PendingLogin,
  connection: Connection,
): Promise<{ readonly identity: Identity; readonly tokens: ProviderTokens }> {
  const { id, displayName, mapping, emailDomains, runtime } = connection
  if (pending.provider !== id)
    throw new OAuthError('invalid_request', 'the login was started at another provider')
  const server = await connection.server()
  const answer = await exchangeCode(parameters, pending, server, connection)
  const { userinfo_endpoint: userinfoUrl } = server
  const now = runtime.now()
  const keys = server.jwks_uri === undefined ? undefined : connection.keys(server.jwks_uri)
  const common = { issuer: server.issuer, clientId: connection.clientId, keys, now }
  const { access_token: accessToken, id_token: idToken } = answer
  const claims =
    idToken === undefined || keys === undefined
      ? undefined
      : await verifyIdToken(idToken, { ...common, keys, nonce: pending.nonce, accessToken })
  const source = { ...common, send: connection.send }
  const userinfo =
    userinfoUrl === undefined
      ? undefined
      : userinfoObject(await fetchUserinfo(userinfoUrl, accessToken, source))
  const more = await Promise.all(
    Object.entries(connection.moreUserinfo).map(
      async ([name, url]) => [name, await fetchUserinfo(url, accessToken, source)] as const,
    ),
  )
  const identity = toIdentity({
    provider: id,
    displayName,
    issuer: server.issuer,
    idToken: claims,
    userinfo: userinfo && { ...userinfo, ...Object.fromEntries(more) },
    mapping,
    emailDomains,
  })
  return { identity, tokens: toTokens(answer, now) }
}

async function exchangeCode(
  parameters: URLSearchParams,
  { state, redirectUri, codeVerifier, nonce }: PendingLogin,
  server: AuthorizationServer,
  connection: Connection,
): Promise<TokenEndpointResponse> {
  const client = clientOf(connection)
  const returned = new URLSearchParams(parameters)
  if (returned.has('code') && returned.has('error'))
    throw new OAuthError('invalid_request', 'the answer has both a code and an error')
  // Without a configured issuer there is nothing to compare with; the redirect URI of its own tells the provider.
  if (!connection.checksIssuer) returned.delete('iss')
  const callback = validateAuthResponse(server, client, returned, state)
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    connection.authentication,
    callback,
    redirectUri,
    codeVerifier ?? nopkce,
    requestOptions(connection),
  )
  const withIdToken = expectsIdToken(connection, server)
  return processAuthorizationCodeResponse(
    server,
    client,
    await standardTokenResponse(response, withIdToken),
    {
      ...(withIdToken ? { requireIdToken: true } : {}),
      ...(nonce === undefined ? {} : { expectedNonce: nonce }),
    },
  )
}
