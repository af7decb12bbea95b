import * as oauth from 'oauth4webapi'
import { createBrowser } from './browser.ts'
import type { Person } from './browser.ts'

/** The servers of the tests speak http on loopback. */
export const http = { [oauth.allowInsecureRequests]: true }

/** The redirect URI that a public client of the target may use. */
export const loopbackCallback = 'http://127.0.0.1:51004/callback'

/** One sign-in: who asks for what, and what the user does. */
export interface Flow {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  /** @default none */
  readonly authentication?: oauth.ClientAuth
  readonly redirectUri?: string
  /** Added to the authorization request, or instead of what is there. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly nonce?: string
  /** @default true */
  readonly pkce?: boolean
  readonly person?: Person
}

/** Reads a server's metadata. */
export async function discover(
  issuer: string,
  algorithm: 'oauth2' | 'oidc',
): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm, ...http }))
}

/** Sends a user through the browser; the client validates the answer, `iss` included. */
export async function authorize({ server, client, parameters = {}, nonce, pkce = true, ...flow }: Flow) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  const url = new URL(server.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: flow.redirectUri ?? loopbackCallback,
    response_type: 'code',
    scope: 'read:application openid',
    resource: `${url.origin}/mcp`,
    state,
    ...(nonce === undefined ? {} : { nonce }),
    ...(pkce ? { code_challenge: challenge, code_challenge_method: 'S256' } : {}),
    ...parameters,
  }).toString()
  const callback = await createBrowser().authorize(url, flow.person)
  return { verifier, validated: oauth.validateAuthResponse(server, client, callback, state) }
}

/** Goes from the request to tokens, with every check that a relying party makes. */
export async function signIn(flow: Flow): Promise<oauth.TokenEndpointResponse> {
  const { server, client, nonce } = flow
  const { validated, verifier } = await authorize(flow)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    flow.authentication ?? oauth.None(),
    validated,
    flow.redirectUri ?? loopbackCallback,
    flow.pkce === false ? oauth.nopkce : verifier,
    http,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    requireIdToken: true,
    ...(nonce === undefined ? {} : { expectedNonce: nonce }),
  })
  await oauth.validateApplicationLevelSignature(server, response, http)
  return tokens
}

/** Refreshes. */
export async function refresh(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  token: string | undefined,
  authentication: oauth.ClientAuth = oauth.None(),
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(server, client, authentication, token ?? '', http)
  return oauth.processRefreshTokenResponse(server, client, response)
}

/** Validates an access token as a resource server would that has only the specification. */
export function validate(
  server: oauth.AuthorizationServer,
  token: string,
  audience: string,
): Promise<oauth.JWTAccessTokenClaims> {
  const request = new Request(audience, { headers: { authorization: `Bearer ${token}` } })
  return oauth.validateJwtAccessToken(server, request, audience, http)
}
