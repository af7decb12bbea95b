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

const parts = {
  require_pushed_authorization_requests: ['pushed_authorization_request', 'pushedRequests()'],
  require_signed_request_object: ['request_object', 'requestObjects()'],
  request_object_signing_alg: ['request_object', 'requestObjects()'],
} as const

/** What is wrong with the demands of a client at a server, or nothing. A demand that nothing checks would hold nobody. */
export function demandsProblem(
  client: RequestDemands,
  sources: readonly RequestSource[],
): string | undefined {
  for (const [demand, [name, part]] of Object.entries(parts)) {
    const wanted = client[demand as keyof typeof parts]
    if (wanted === undefined || wanted === false) continue
    const source = sources.find((source) => source.name === name)
    if (source === undefined) return `${demand} needs ${part} in the option requestSources of the server`
    const algorithms = source.signingAlgorithms ?? []
    if (typeof wanted === 'string' && !algorithms.includes(wanted))
      return `${demand} must be one of ${algorithms.join(', ')}`
  }
  return undefined
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
