import type { RegistrationRules } from './client-metadata.ts'
import type { Client } from './client.ts'
import { flag, invalidMetadata, strings, text } from './metadata-values.ts'
import type { SentMetadata } from './metadata-values.ts'
import { signingAlgorithmProblem, signingProblem } from './request-demands.ts'
import type { RequestDemands } from './request-demands.ts'

/** What a client registers about its authorization requests. */
export interface RequestMetadata extends RequestDemands {
  readonly authorization_details_types?: readonly string[]
}

/**
 * Reads what a client says about its authorization requests. A type of authorization details that the server does not have is
 * dropped, as a grant type is.
 *
 * @throws {OAuthError} `invalid_client_metadata`
 */
export function requestMetadata(
  sent: SentMetadata,
  keys: Pick<Client, 'jwks' | 'jwks_uri'>,
  { parts, detailTypes }: Pick<RegistrationRules, 'parts' | 'detailTypes'>,
): RequestMetadata {
  const algorithm = text(sent, 'request_object_signing_alg', 16)
  const types = strings(sent, 'authorization_details_types')
  const demands: RequestDemands = {
    ...flag(sent, 'require_pushed_authorization_requests'),
    ...flag(sent, 'require_signed_request_object'),
    ...(algorithm === undefined ? {} : { request_object_signing_alg: algorithm }),
  }
  const problem =
    signingAlgorithmProblem(demands, parts.requestSources) ?? signingProblem({ ...demands, ...keys })
  if (problem !== undefined) throw invalidMetadata(problem)
  return {
    ...demands,
    ...(types === undefined
      ? {}
      : { authorization_details_types: types.filter((name) => detailTypes.includes(name)) }),
  }
}
