import type { BackchannelMetadata } from './backchannel-metadata.ts'
import type { ResponseAlgorithms } from './response-algorithms.ts'
import type { TlsSubject } from './tls-subject.ts'

/** Public keys. @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5) */
export interface JwkSet {
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

/**
 * A registered application, as every part of the server sees it.
 *
 * Members with wire names are client metadata; the camelCase ones are the operator's policy for this client.
 *
 * @see [RFC 7591 §2 - Client Metadata](https://www.rfc-editor.org/rfc/rfc7591.html#section-2)
 */
export interface Client extends TlsSubject, ResponseAlgorithms, BackchannelMetadata {
  readonly client_id: string
  readonly client_name?: string | undefined
  readonly client_uri?: string | undefined
  readonly redirect_uris: readonly string[]
  /** Where users may be sent after a logout that the client asked for. */
  readonly post_logout_redirect_uris?: readonly string[] | undefined
  /** Where the client hears that a session of a user has ended. */
  readonly backchannel_logout_uri?: string | undefined
  readonly grant_types: readonly string[]
  /** `native` clients may use any port of a registered loopback redirect URI. */
  readonly application_type: 'native' | 'web'
  /** Whether every token request must carry a DPoP proof. @see [RFC 9449 §5.2](https://www.rfc-editor.org/rfc/rfc9449.html#section-5.2) */
  readonly dpop_bound_access_tokens?: boolean | undefined
  /** Whether its tokens are bound to its TLS certificate. @see [RFC 8705 §3.4](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4) */
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined
  /** The client authentication methods that are accepted from this client; the first is the registered one. */
  readonly authenticationMethods: readonly [string, ...string[]]
  /** A hash of each active secret, several while one is being rotated: SHA-256 in base64url, or what `hashClientSecret` gives. */
  readonly secretHashes: readonly string[]
  /** When the secrets end, in milliseconds. Absent: never. */
  readonly secretsExpireAt?: number | undefined
  /** Whether the operator registered the client. What others say about themselves is shown as unverified. */
  readonly verified: boolean
  /** The scopes that the client may be granted. Absent: every scope of the resource. */
  readonly scopes?: readonly string[] | undefined
  /** The resources that the client may ask for. Absent: all. With exactly one, it is the default. */
  readonly resources?: readonly string[] | undefined
  /** The resource that its requests mean which name none. Absent: the server's. */
  readonly defaultResource?: string | undefined
  /** The resources that the client is the server of: it may introspect and exchange their tokens. Absent: none. */
  readonly serves?: readonly string[] | undefined
  /** The resources that it may exchange tokens for. Absent: none. */
  readonly exchangeFor?: readonly string[] | undefined
  /** Whether the client must push its authorization requests. @see [RFC 9126 §6](https://www.rfc-editor.org/rfc/rfc9126.html#section-6) */
  readonly require_pushed_authorization_requests?: boolean | undefined
  /** Whether its authorization requests must be signed. @see [RFC 9101 §10.5](https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5) */
  readonly require_signed_request_object?: boolean | undefined
  /** The only JWS algorithm that its request objects may have. @see [OpenID Connect Registration 1.0 §2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata) */
  readonly request_object_signing_alg?: string | undefined
  /** The types of authorization details that it may ask for. Absent: all. @see [RFC 9396 §10](https://www.rfc-editor.org/rfc/rfc9396.html#section-10) */
  readonly authorization_details_types?: readonly string[] | undefined
  /** `nonce` lets a confidential client go without PKCE when it sends `openid` and `nonce`. @default 'required' */
  readonly pkce: 'required' | 'nonce'
  /** When the user is asked. `once`: until the user allowed all that is asked for. */
  readonly consent: 'always' | 'once' | 'never'
  /** Seconds. Absent: the server's. */
  readonly accessTokenLifetime?: number | undefined
  /** Seconds that a refresh token may lie unused. Absent: the server's. */
  readonly refreshTokenIdleLifetime?: number | undefined
  /** Seconds after which the user must approve again. Absent: the server's. */
  readonly refreshTokenLifetime?: number | undefined
  /** Ids of the providers that its users may log in through, `password` for a login here. Absent: any. */
  readonly providers?: readonly string[] | undefined
  /** What the operator calls it: `agent`, `editor`. */
  readonly kind?: string | undefined
  /** The groups that the operator put it in. */
  readonly tags?: readonly string[] | undefined
  /** When its source forgets the client unless it is used, in milliseconds. Absent: never. */
  readonly expiresAt?: number | undefined
  /** Private-use schemes without a dot that this client's redirect URIs may use. */
  readonly allowedSchemes?: readonly string[] | undefined
  /** The client's public keys. At most one of `jwks` and `jwks_uri` is there. */
  readonly jwks?: JwkSet | undefined
  /** Where the client's public keys are, an https URL. */
  readonly jwks_uri?: string | undefined
  /** `token_endpoint` also accepts assertions whose audience is the URL of the token endpoint. @default 'issuer' */
  readonly assertionAudience?: 'issuer' | 'token_endpoint' | undefined
}

/** How events and the administration tell what the operator calls a client and puts it in. */
export function clientGroups({ kind, tags = [] }: Client): {
  readonly clientKind?: string
  readonly clientTags?: readonly string[]
} {
  return {
    ...(kind === undefined ? {} : { clientKind: kind }),
    ...(tags.length === 0 ? {} : { clientTags: tags }),
  }
}
