import {
  attestJwtClientAuth,
  authorizationCode,
  clientCredentials,
  clientSecretBasic,
  deviceCode,
  none,
  pushedRequests,
  refreshToken,
  registered,
} from '@gatewright/authorization-server'
import type { AttestJwtClientAuthOptions, AuthorizationServerOptions } from '@gatewright/authorization-server'
import { SignJWT } from 'jose'
import type { KeyPair } from './assertions.ts'
import { keyPair } from './assertions.ts'
import { deviceGrant } from './device.ts'
import { post } from './flow.ts'
import type { Sender } from './flow.ts'
import { issuer, mcp, testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'
import { eventsOf, webCallback } from './tokens.ts'

/** What a test changes about a sound JWT; `undefined` leaves a member out. */
export interface JwtChanges {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

/** The keys of one attester and of two instances of its app. */
export interface AttestationKeys {
  readonly attester: KeyPair
  readonly instance: KeyPair
  readonly other: KeyPair
}

export async function attestationKeys(): Promise<AttestationKeys> {
  const [attester, instance, other] = await Promise.all(
    ['attester', 'phone', 'stolen'].map((kid) => keyPair(kid)),
  )
  if (attester === undefined || instance === undefined || other === undefined) throw new Error('no keys')
  return { attester, instance, other }
}

const wallet = {
  token_endpoint_auth_method: 'attest_jwt_client_auth',
  redirect_uris: [webCallback],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', deviceGrant],
  scopes: ['read:application'],
  serves: [mcp],
}

/** A server with an attested client, another one of the same attester, and one of each other kind. */
export function attestationServer(
  { attester }: AttestationKeys,
  options: Partial<AttestJwtClientAuthOptions> = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  return testServer({
    clients: [
      registered(
        { client_id: 'wallet', ...wallet },
        { client_id: 'purse', ...wallet },
        { client_id: 'web', client_secret: 'web-secret', redirect_uris: [webCallback] },
        { client_id: 'pub', redirect_uris: [webCallback] },
      ),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), deviceCode()],
    requestSources: [pushedRequests()],
    clientAuthentication: [
      none(),
      clientSecretBasic(),
      attestJwtClientAuth({
        attesters: [{ clients: ['wallet', 'purse'], jwks: { keys: [attester.jwk] } }],
        ...options,
      }),
    ],
    ...overrides,
  })
}

const sign = ({ privateKey, jwk }: KeyPair, header: object, sound: object, changes: JwtChanges = {}) => {
  const kept = (members: object) =>
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
  return new SignJWT(kept({ ...sound, ...changes.claims }))
    .setProtectedHeader({ alg: jwk.alg, ...kept({ ...header, ...changes.header }) })
    .sign(privateKey, { crit: { x: true } })
}

/** What the attester of `wallet` says of the instance that holds a key. */
export function attest(
  test: TestServer,
  attester: KeyPair,
  instance: Pick<KeyPair, 'jwk'>,
  changes?: JwtChanges,
): Promise<string> {
  const seconds = test.clock.now() / 1000
  const { kid } = attester.jwk
  const cnf = { jwk: instance.jwk }
  const sound = { sub: 'wallet', iat: seconds, exp: seconds + 3600, cnf }
  return sign(attester, { typ: 'oauth-client-attestation+jwt', kid }, sound, changes)
}

let count = 0

/** What an instance signs for one request. */
export function prove(test: TestServer, instance: KeyPair, changes?: JwtChanges): Promise<string> {
  const sound = { aud: issuer, jti: `jti-${++count}`, iat: test.clock.now() / 1000 }
  return sign(instance, { typ: 'oauth-client-attestation-pop+jwt' }, sound, changes)
}

/** What the instance sends with a request: an attestation and a fresh proof. */
export async function attested(
  test: TestServer,
  { attester }: AttestationKeys,
  instance: KeyPair,
  clientId = 'wallet',
): Promise<Sender> {
  return {
    attestation: await attest(test, attester, instance, { claims: { sub: clientId } }),
    attestationProof: await prove(test, instance),
  }
}

/** Presents a code that nobody has: `invalid_grant` means that the client was accepted. */
export async function presentAttested(
  test: TestServer,
  sender: Sender,
  parameters: Readonly<Record<string, string | undefined>> = {},
) {
  const code = `${'g'.repeat(22)}.${'s'.repeat(43)}`
  const { status, json } = await post(
    test,
    '/token',
    { grant_type: 'authorization_code', code, ...parameters },
    sender,
  )
  return [status, json.error]
}

/** An attestation of the instance and its proof, each sound but for what a test changes. */
export async function changed(
  test: TestServer,
  { attester, instance }: AttestationKeys,
  attestation: JwtChanges = {},
  proof: JwtChanges = {},
): Promise<Sender> {
  return {
    attestation: await attest(test, attester, instance, attestation),
    attestationProof: await prove(test, instance, proof),
  }
}

/** What the operator is told about the last client that was not let in. */
export function lastMessage(test: TestServer): string | undefined {
  return eventsOf(test, 'client.authentication_failed').at(-1)?.message
}
