import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { createBrowser } from './browser.ts'
import { http } from './oauth4webapi-flow.ts'

/** Pushes a request by oauth4webapi, and gives the URL that the browser brings. */
export async function pushRequest(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  parameters: Readonly<Record<string, string>>,
): Promise<URL> {
  const sent = { ...parameters }
  const answer = await oauth.pushedAuthorizationRequest(server, client, authentication, sent, http)
  const pushed = await oauth.processPushedAuthorizationResponse(server, client, answer)
  const url = new URL(server.authorization_endpoint ?? '')
  const reference = { client_id: client.client_id, request_uri: pushed.request_uri }
  url.search = new URLSearchParams(reference).toString()
  return url
}

/** What is asked for, without what it is asked by. */
type Asked = Readonly<Record<string, string>> & { readonly redirect_uri: string }

/** Pushes a request with oauth4webapi, sends the user through the browser, and redeems the code. */
export async function signInPushed(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  asked: Asked,
  prepare: (parameters: Record<string, string>) => Promise<Record<string, string>> = async (as) => as,
): Promise<{ url: URL; tokens: oauth.TokenEndpointResponse }> {
  const verifier = oauth.generateRandomCodeVerifier()
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  const parameters = await prepare({ response_type: 'code', ...pkce, ...asked })
  const url = await pushRequest(server, client, authentication, parameters)
  const callback = await createBrowser().authorize(url)
  const code = oauth.validateAuthResponse(server, client, callback, oauth.expectNoState)
  const { redirect_uri: redirectUri } = asked
  const request = [server, client, authentication, code, redirectUri, verifier, http] as const
  const response = await oauth.authorizationCodeGrantRequest(...request)
  return { url, tokens: await oauth.processAuthorizationCodeResponse(server, client, response) }
}

/** Pushes a request with openid-client and sends the user through the browser. */
export async function authorizePushed(
  config: openid.Configuration,
  asked: Asked,
  options: openid.DPoPOptions = {},
) {
  const verifier = openid.randomPKCECodeVerifier()
  const challenge = await openid.calculatePKCECodeChallenge(verifier)
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  const url = await openid.buildAuthorizationUrlWithPAR(config, { ...pkce, ...asked }, options)
  const browser = createBrowser()
  return { url, browser, callback: await browser.authorize(url), checks: { pkceCodeVerifier: verifier } }
}
