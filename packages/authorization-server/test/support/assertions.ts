import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import { registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, ClientOptions } from '@gatewright/authorization-server'
import { post } from './flow.ts'
import { issuer, testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

export const bearerAssertion = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A private key and its public half. */
export interface KeyPair {
  readonly privateKey: CryptoKey
  readonly jwk: JWK & { readonly kid: string; readonly alg: string }
}

export async function keyPair(kid: string, alg = 'ES256'): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

/** What a test changes about a sound assertion; `undefined` leaves a claim out. */
export interface AssertionChanges {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

let count = 0

/** An assertion of the client `pkjwt` that is good for a minute. */
export async function signAssertion(
  { privateKey, jwk }: KeyPair,
  now: number,
  { claims = {}, header = {} }: AssertionChanges = {},
): Promise<string> {
  const sound = { iss: 'pkjwt', sub: 'pkjwt', aud: issuer, exp: now / 1000 + 60, jti: `jti-${++count}` }
  const payload = Object.fromEntries(
    Object.entries({ ...sound, ...claims }).filter(([, value]) => value !== undefined),
  )
  return new SignJWT(payload).setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, ...header }).sign(privateKey)
}

/** A server with the client `pkjwt`, which may have tokens for itself. */
export function assertionServer(
  client: Partial<ClientOptions>,
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  return testServer({
    clients: [
      registered(
        {
          client_id: 'pkjwt',
          token_endpoint_auth_method: 'private_key_jwt',
          redirect_uris: ['https://app.example.com/cb'],
          ...client,
        },
        { client_id: 'web', client_secret: 'web-secret', redirect_uris: ['https://app.example.com/cb'] },
        { client_id: 'pub', redirect_uris: ['https://app.example.com/cb'] },
      ),
    ],
    ...overrides,
  })
}

/** Asks for a token with a code that nobody has: `invalid_grant` means that the client was accepted. */
export async function present(
  test: TestServer,
  assertion: string,
  more: Readonly<Record<string, string>> = {},
  options: Parameters<typeof post>[3] = {},
) {
  const { status, json } = await post(
    test,
    '/token',
    {
      grant_type: 'authorization_code',
      code: `${'g'.repeat(22)}.${'s'.repeat(43)}`,
      client_assertion_type: bearerAssertion,
      client_assertion: assertion,
      ...more,
    },
    options,
  )
  return [status, json.error]
}

export const accepted = [400, 'invalid_grant']
export const refused = [401, 'invalid_client']
