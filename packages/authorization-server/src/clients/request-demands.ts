import type { RequestSource } from '../requests/request-source.ts'

/** What a client says about the way of its authorization requests. */
export interface RequestDemands {
  /** @see [RFC 9126 §6 - Client Metadata](https://www.rfc-editor.org/rfc/rfc9126.html#section-6) */
  readonly require_pushed_authorization_requests?: boolean | undefined
  /** @see [RFC 9101 §10.5 - Downgrade Attack](https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5) */
  readonly require_signed_request_object?: boolean | undefined
  /** @see [OpenID Connect Registration 1.0 §2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata) */
  readonly request_object_signing_alg?: string | undefined
}

/** What is wrong with the algorithm that the requests of a client are to be signed with at a server, or nothing. */
export function signingAlgorithmProblem(
  { request_object_signing_alg: wanted }: RequestDemands,
  sources: readonly RequestSource[],
): string | undefined {
  const offered = sources.flatMap(({ signingAlgorithms = [] }) => signingAlgorithms)
  return wanted === undefined || offered.includes(wanted)
    ? undefined
    : `request_object_signing_alg must be one of ${offered.join(', ')}`
}

/** What a client that must sign lacks, or nothing. */
export function signingProblem({
  require_signed_request_object: signs,
  jwks,
  jwks_uri: uri,
}: RequestDemands & { readonly jwks?: unknown; readonly jwks_uri?: unknown }): string | undefined {
  return signs === true && jwks === undefined && uri === undefined
    ? 'require_signed_request_object needs jwks or jwks_uri'
    : undefined
}
