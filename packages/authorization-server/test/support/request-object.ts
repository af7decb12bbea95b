import { pushedRequests, registered, requestObjects } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, RequestObjectsOptions } from '@gatewright/authorization-server'
import { SignJWT } from 'jose'
import type { AssertionChanges, KeyPair } from './assertions.ts'
import { authorizationParameters, post, toQuery } from './flow.ts'
import { issuer, testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

/** A server that takes request objects: `claude-desktop-mcp` may sign, `signs` must. */
export function objectServer(
  { jwk }: KeyPair,
  options: RequestObjectsOptions = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  const keys = { jwks: { keys: [jwk] }, redirect_uris: ['http://127.0.0.1:*/callback'] }
  return testServer({
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', token_endpoint_auth_method: 'none', ...keys },
        {
          client_id: 'signs',
          token_endpoint_auth_method: 'none',
          require_signed_request_object: true,
          ...keys,
        },
        { client_id: 'keyless', redirect_uris: ['http://127.0.0.1:*/callback'] },
      ),
    ],
    requestSources: [pushedRequests(), requestObjects(options)],
    ...overrides,
  })
}

/** A sound authorization request, signed, with claims and header changed; `undefined` leaves one out. */
export async function signRequest(
  { privateKey, jwk }: KeyPair,
  { clock }: Pick<TestServer, 'clock'>,
  { claims = {}, header = {} }: AssertionChanges = {},
) {
  const { query, verifier } = await authorizationParameters()
  const clientId = claims['client_id'] ?? 'claude-desktop-mcp'
  const sound = {
    ...Object.fromEntries(new URLSearchParams(query)),
    iss: clientId,
    aud: issuer,
    exp: clock.now() / 1000 + 60,
    nbf: clock.now() / 1000,
  }
  const payload = Object.fromEntries(
    Object.entries({ ...sound, ...claims }).filter(([, value]) => value !== undefined),
  )
  const request = await new SignJWT(payload)
    .setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, typ: 'oauth-authz-req+jwt', ...header })
    .sign(privateKey)
  return { request, verifier }
}

/** The query that carries a request object. */
export const carrying = (request: string, others: Readonly<Record<string, string>> = {}) =>
  toQuery({ client_id: 'claude-desktop-mcp', request, ...others })

/** Pushes an object, which tells its error in JSON. */
export async function pushObject(test: TestServer, query: string) {
  const { status, json } = await post(test, '/par', query)
  return { status, error: json.error, message: json.error_description, uri: json['request_uri'] ?? '' }
}
