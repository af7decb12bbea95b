import type { RegistrationRules } from './client-metadata.ts'
import type { Client } from './client.ts'
import { invalidMetadata, strings, text } from './metadata-values.ts'
import type { SentMetadata } from './metadata-values.ts'
import { demandsProblem, signingProblem } from './request-demands.ts'
import type { RequestDemands } from './request-demands.ts'

/** What a client registers about its authorization requests. */
export interface RequestMetadata extends RequestDemands {
  readonly authorization_details_types?: readonly string[]
}

/**
 * Reads what a client says about its authorization requests. A type of authorization details that the server does not have is
 * dropped, as a grant type is; a demand that the server cannot hold requests to is refused, or the client would believe itself safe.
 *
 * @throws {OAuthError} `invalid_client_metadata`
 */
export function requestMetadata(
  sent: SentMetadata,
  keys: Pick<Client, 'jwks' | 'jwks_uri'>,
  { requestSources, detailTypes }: Pick<RegistrationRules, 'requestSources' | 'detailTypes'>,
): RequestMetadata {
  // Without request objects there is nothing that the algorithm could be of.
  const signs = requestSources.some(({ signingAlgorithms }) => signingAlgorithms !== undefined)
  const algorithm = signs ? text(sent, 'request_object_signing_alg', 16) : undefined
  const types = strings(sent, 'authorization_details_types')
  const demands: RequestDemands = {
    ...flag(sent, 'require_pushed_authorization_requests'),
    ...flag(sent, 'require_signed_request_object'),
    ...(algorithm === undefined ? {} : { request_object_signing_alg: algorithm }),
  }
  const problem = demandsProblem(demands, requestSources) ?? signingProblem({ ...demands, ...keys })
  if (problem !== undefined) throw invalidMetadata(problem)
  return {
    ...demands,
    ...(types === undefined
      ? {}
      : { authorization_details_types: types.filter((name) => detailTypes.includes(name)) }),
  }
}

function flag(sent: SentMetadata, name: keyof RequestDemands): RequestDemands {
  const value = sent.get(name) ?? false
  if (typeof value !== 'boolean') throw invalidMetadata(`${name} must be true or false`)
  return value ? { [name]: true } : {}
}
