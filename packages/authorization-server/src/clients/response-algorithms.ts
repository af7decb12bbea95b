/**
 * The JWS algorithms with which a client wants its answers signed; each is one of the server's keys.
 *
 * @see [OpenID Connect Registration 1.0 §2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)
 * @see [RFC 9701 §6 - Client Metadata](https://www.rfc-editor.org/rfc/rfc9701.html#section-6)
 */
export interface ResponseAlgorithms {
  /** Its ID tokens, and the tokens that tell it about logouts. Absent: the server's first algorithm. */
  readonly id_token_signed_response_alg?: string | undefined
  /** Has the userinfo endpoint answer with a JWT. Absent: plain JSON. */
  readonly userinfo_signed_response_alg?: string | undefined
  /** Has the introspection endpoint answer with a JWT. Absent: only when the request accepts one. */
  readonly introspection_signed_response_alg?: string | undefined
}

/** The members of {@link ResponseAlgorithms}. */
export const responseAlgorithmNames = [
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'introspection_signed_response_alg',
] as const

/** The members of a client that name such an algorithm. */
export function pickResponseAlgorithms(client: ResponseAlgorithms): ResponseAlgorithms {
  const named = responseAlgorithmNames.filter((name) => client[name] !== undefined)
  return Object.fromEntries(named.map((name) => [name, client[name]]))
}

/** What is wrong with the algorithms of a client at a server, or nothing. Who checks for one would refuse every answer with another. */
export function responseAlgorithmsProblem(
  client: ResponseAlgorithms,
  offered: readonly string[],
): string | undefined {
  const unknown = responseAlgorithmNames.find((name) => !offered.includes(client[name] ?? offered[0] ?? ''))
  return unknown === undefined
    ? undefined
    : `${unknown} names "${client[unknown]}", but this server has ${[...new Set(offered)].join(', ')}; choose one of these, or leave it out`
}
