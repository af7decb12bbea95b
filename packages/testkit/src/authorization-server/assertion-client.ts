import { encodeBase64url, defaultRuntime, hmacSha256 } from '@gatewright/core'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey } from 'jose'
import { tell } from '../bench/answer.ts'
import type { Answer } from '../bench/answer.ts'
import { randomValue } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import { commonMetadata } from '../bench/clients.ts'
import { NotApplicable } from '../check.ts'

/** A client that signs who it is. */
export interface AssertionClient {
  readonly clientId: string
  /** An assertion with changed claims; `undefined` leaves a claim out. `signedBy` puts another key in the place of its own. */
  assert(changes?: Readonly<Record<string, unknown>>, signedBy?: CryptoKey): Promise<string>
  /** The same claims under an algorithm that proves nothing: `none`, or HS256 with the public key as secret. */
  forge(algorithm: 'none' | 'HS256'): Promise<string>
  /** Asks for tokens with a refresh token that does not exist, which is looked at only after the client has proven itself. */
  present(assertion: string | undefined): Promise<Answer>
}

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const made = new WeakMap<Bench, Promise<AssertionClient>>()

/** The client of a run, registered with a key of its own. @throws {NotApplicable} when the server takes no such client */
export function assertionClient(bench: Bench): Promise<AssertionClient> {
  const client = made.get(bench) ?? register(bench)
  made.set(bench, client)
  return client
}

/** Whether an answer says that the client has proven itself: only then is the refresh token looked at. */
export function isProven({ json }: Answer): boolean {
  return json['error'] === 'invalid_grant'
}

async function register(bench: Bench): Promise<AssertionClient> {
  const methods = await bench.listed('token_endpoint_auth_methods_supported')
  if (!methods.includes('private_key_jwt')) throw new NotApplicable('it takes no private_key_jwt')
  const taken = await bench.listed('token_endpoint_auth_signing_alg_values_supported')
  const algorithm = ['ES256', 'RS256', 'EdDSA', 'PS256'].find((name) => taken.includes(name)) ?? 'ES256'
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'testkit', alg: algorithm, use: 'sig' }
  const answer = await bench.register({
    ...commonMetadata,
    token_endpoint_auth_method: 'private_key_jwt',
    redirect_uris: ['https://client.example/callback'],
    jwks: { keys: [jwk] },
  })
  const { client_id: clientId } = answer.json
  if (answer.status >= 300 || typeof clientId !== 'string')
    throw new NotApplicable(`a client with a key was not registered: ${tell(answer)}`)
  const endpoint = await bench.endpoint('token_endpoint')
  const claims = async (changes: Readonly<Record<string, unknown>>) => {
    const now = Math.floor(defaultRuntime.now() / 1000)
    const all = {
      iss: clientId,
      sub: clientId,
      aud: await bench.issuer(),
      jti: randomValue(),
      iat: now,
      exp: now + 60,
      ...changes,
    }
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  }
  const encode = (value: object) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))
  return {
    clientId,
    assert: async (changes = {}, signedBy = privateKey) =>
      new SignJWT(await claims(changes))
        .setProtectedHeader({ alg: algorithm, kid: 'testkit', typ: 'JWT' })
        .sign(signedBy),
    async forge(alg) {
      const signed = `${encode({ alg, kid: 'testkit', typ: 'JWT' })}.${encode(await claims({}))}`
      if (alg === 'none') return `${signed}.`
      const { kid: _kid, alg: _alg, use: _use, ...publicJwk } = jwk
      return `${signed}.${encodeBase64url(await hmacSha256(JSON.stringify(publicJwk), signed))}`
    },
    present: (assertion) =>
      bench.send(endpoint, {
        headers: { accept: 'application/json' },
        form: {
          grant_type: 'refresh_token',
          refresh_token: 'gatewright-testkit-no-such-token',
          client_id: clientId,
          client_assertion_type: assertion === undefined ? undefined : type,
          client_assertion: assertion,
        },
      }),
  }
}
