import { readJwt } from '@gatewright/core'
import type { JWTPayload } from 'jose'
import { checkDuration } from '../check-duration.ts'
import {
  checkAsymmetric,
  clientAlgorithms,
  clientClockTolerance as tolerance,
  maximumStatementLength,
  verifyClientSignature,
} from '../clients/client-signature.ts'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'
import type { ClientAuthenticationMethod } from './client-authentication-method.ts'

/** Which assertions are taken. */
export interface PrivateKeyJwtOptions {
  /** JWS algorithms, asymmetric ones. @default ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'ES384', 'ES512'] */
  readonly algorithms?: readonly string[]
  /** Seconds that an assertion may be good for at most, since its id is remembered as long. @default 600 */
  readonly maximumLifetime?: number
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/**
 * A client signs a short-lived assertion with its private key; the server has the public one, or knows where it is.
 *
 * The issuer is the only audience that is accepted, unless the client is registered for the token endpoint's URL as well. Each
 * assertion is good once.
 *
 * @throws {TypeError} when an algorithm is symmetric or none, or the lifetime is out of range
 * @see [RFC 7523 §3 - JWT Format and Processing Requirements](https://www.rfc-editor.org/rfc/rfc7523.html#section-3)
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions = {}): ClientAuthenticationMethod {
  const { algorithms = clientAlgorithms, maximumLifetime = 600 } = options
  checkAsymmetric('privateKeyJwt', algorithms)
  checkDuration('privateKeyJwt: maximumLifetime', maximumLifetime, 1, 86_400)

  const statement = {
    what: 'the assertion',
    algorithms,
    isType: (typ: string | undefined) =>
      typ === undefined || /^(?:JWT|client-authentication\+jwt)$/i.test(typ),
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
  }

  return {
    name: 'private_key_jwt',
    signingAlgorithms: algorithms,
    detect(_headers, parameters) {
      const secret = parameters.get('client_assertion')
      if (secret === undefined || parameters.get('client_assertion_type') !== assertionType) return undefined
      const subject = subjectOf(secret)
      return subject === undefined ? undefined : { candidates: [{ clientId: subject, secret }] }
    },
    async verify({ secret: assertion = '' }, client, server) {
      const now = server.now()
      const verified = await verifyClientSignature(assertion, client, statement, now, server)
      if (typeof verified === 'string') return verified
      const problem = judge(verified, client, now, maximumLifetime, server)
      if (problem !== undefined) return problem
      const { jti = '', exp = 0 } = verified
      const until = (exp + tolerance) * 1000 + 1
      const id = JSON.stringify([client.client_id, jti])
      // Last, so that nobody but the client can use an id up.
      return (
        (await server.replay.once(`${server.partitions.issuer}:assertions`, id, until, now)) ||
        'the assertion was used before'
      )
    },
  }
}

function subjectOf(assertion: string): string | undefined {
  const read = assertion.length > maximumStatementLength ? undefined : readJwt(assertion)
  const subject = read?.claims['sub']
  return typeof subject === 'string' && subject !== '' ? subject : undefined
}

function judge(
  { iss, sub, aud, exp = 0, iat, jti }: JWTPayload,
  client: Client,
  now: number,
  maximumLifetime: number,
  server: ServerContext,
): string | undefined {
  // RFC 7523 §3: both name the client.
  if (iss !== client.client_id || sub !== client.client_id) return 'iss and sub must be the client_id'
  const audiences = [
    server.issuer,
    ...(client.assertionAudience === 'token_endpoint' ? [server.urls.url('token')] : []),
  ]
  const [audience, another] = Array.isArray(aud) ? aud : [aud]
  // An assertion that also names somebody else could have come from there.
  if (another !== undefined || audience === undefined || !audiences.includes(audience))
    return `aud must be ${audiences.join(' or ')}, and nothing besides`
  if (exp * 1000 > now + (maximumLifetime + tolerance) * 1000)
    return `exp is more than ${maximumLifetime} seconds away`
  if (iat !== undefined && iat * 1000 > now + tolerance * 1000) return 'iat is in the future'
  return typeof jti !== 'string' || jti === '' || jti.length > 512
    ? 'jti must be a string of 1 to 512 characters'
    : undefined
}
