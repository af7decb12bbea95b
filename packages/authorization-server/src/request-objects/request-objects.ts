import type { RequestContext } from '@gatewright/core'
import type { JWTPayload } from 'jose'
import { checkDuration } from '../check-duration.ts'
import {
  checkAsymmetric,
  clientAlgorithms,
  clientClockTolerance,
  maximumStatementLength,
  verifyClientSignature,
} from '../clients/client-signature.ts'
import type { Client } from '../clients/client.ts'
import { authorizationClient } from '../requests/authorization-client.ts'
import { PageError } from '../requests/page-error.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { RequestSource, ResolvedRequest } from '../requests/request-source.ts'
import type { ServerContext } from '../server-context.ts'
import { objectParameters } from './object-parameters.ts'

/** Which request objects are taken. */
export interface RequestObjectsOptions {
  /** Whether every client must sign its requests. One client alone: `require_signed_request_object`. @default false */
  readonly required?: boolean
  /** JWS algorithms, asymmetric ones. @default ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'ES384', 'ES512'] */
  readonly algorithms?: readonly string[]
  /** Seconds that an object may be good for at most, from now. @default 3600 */
  readonly maximumLifetime?: number
}

const name = 'request_object'

/**
 * Lets clients sign their authorization requests with their private key, in the query or pushed: nobody on the way can change
 * what is asked for. Only what is signed counts.
 *
 * An object names its client, this server and its end. It is not remembered, so it may be presented again until it ends.
 * Encrypted objects, and objects at a URL of the client, are not taken.
 *
 * @throws {TypeError} when an algorithm is symmetric or none, or the lifetime is out of its range
 * @see [RFC 9101 §6 - Validating JWT-Based Requests](https://www.rfc-editor.org/rfc/rfc9101.html#section-6)
 */
export function requestObjects(options: RequestObjectsOptions = {}): RequestSource {
  const { required = false, algorithms = clientAlgorithms, maximumLifetime = 3600 } = options
  checkAsymmetric('requestObjects', algorithms)
  checkDuration('requestObjects: maximumLifetime', maximumLifetime, 1, 86_400)
  return {
    name,
    signingAlgorithms: algorithms,
    requires: (client) => required || client.require_signed_request_object === true,
    metadata: () => ({
      request_parameter_supported: true,
      request_object_signing_alg_values_supported: algorithms,
      ...(required ? { require_signed_request_object: true } : {}),
    }),
    async resolve(parameters, context, server) {
      const object = parameters.get('request')
      if (object === undefined) return undefined
      for (const parameter of ['client_id', 'request'])
        if (parameters.repeated.includes(parameter))
          throw new PageError('invalid_link', 'invalid_request', `${parameter} is repeated`)
      const clientId = parameters.get('client_id')
      if (clientId === undefined)
        throw new PageError('invalid_link', 'invalid_request', 'client_id is missing')
      const client = await authorizationClient(clientId, context.ip, server)
      const opened = await open(object, client, { algorithms, maximumLifetime }, server)
      return typeof opened === 'string' ? refuse(opened, client, context, server) : opened
    },
  }
}

async function open(
  object: string,
  client: Client,
  { algorithms, maximumLifetime }: Required<Omit<RequestObjectsOptions, 'required'>>,
  server: ServerContext,
): Promise<ResolvedRequest | string> {
  // Before anything is decoded: what is encrypted or compressed may be larger inside than outside.
  if (object.length > maximumStatementLength) return 'the request object is too long'
  if (object.split('.').length !== 3) return 'the request object must be signed, and not encrypted'
  const now = server.now()
  const statement = {
    what: 'the request object',
    algorithms: algorithms.filter((alg) => alg === (client.request_object_signing_alg ?? alg)),
    // RFC 9101 §10.8: what the client signed for another purpose must not do for a request.
    isType: (typ: string | undefined) => /^(?:application\/)?oauth-authz-req\+jwt$/i.test(typ ?? ''),
    requiredClaims: ['iss', 'aud', 'exp', 'client_id'],
  }
  const claims = await verifyClientSignature(object, client, statement, now, server)
  if (typeof claims === 'string') return claims
  const problem = judge(claims, client, now + maximumLifetime * 1000, now, server)
  if (problem !== undefined) return problem
  const parameters: RequestParameters | string = objectParameters(claims)
  return typeof parameters === 'string' ? parameters : { parameters, sources: [name] }
}

function judge(
  { iss, sub, aud, exp = 0, iat, client_id: clientId }: JWTPayload,
  client: Client,
  latest: number,
  now: number,
  { issuer }: ServerContext,
): string | undefined {
  const tolerance = clientClockTolerance * 1000
  // RFC 9101 §6.3: or one client could send the user through a request of another.
  if (clientId !== client.client_id) return 'the claim client_id differs from the parameter'
  if (iss !== client.client_id) return 'iss must be the client_id'
  // RFC 9101 §10.8: with this subject the object would pass for an assertion that authenticates the client.
  if (sub === client.client_id) return 'sub must not be the client_id'
  const [audience, another] = Array.isArray(aud) ? aud : [aud]
  if (audience !== issuer || another !== undefined) return `aud must be ${issuer}, and nothing besides`
  if (exp * 1000 > latest + tolerance) return `exp must be before ${new Date(latest).toISOString()}`
  return iat !== undefined && iat * 1000 > now + tolerance ? 'iat is in the future' : undefined
}

function refuse(
  message: string,
  { client_id: clientId }: Client,
  { ip }: RequestContext,
  server: ServerContext,
): never {
  const reason = 'invalid_request_object'
  server.emit({ type: 'authorization.refused', clientId, ip, reason, message })
  throw new PageError('invalid_link', reason, message)
}
