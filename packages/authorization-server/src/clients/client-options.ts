import type { JwkSet } from './client.ts'
import type { BackchannelMetadata } from './backchannel-metadata.ts'
import type { ResponseAlgorithms } from './response-algorithms.ts'
import type { TlsSubject } from './tls-subject.ts'

/** A client as the operator writes it down. */
export interface ClientOptions extends TlsSubject, ResponseAlgorithms, BackchannelMetadata {
  readonly client_id: string
  /** What users read on the consent page. @default the client_id */
  readonly client_name?: string
  readonly client_uri?: string
  /** Compared as strings. A loopback entry may have `*` as its port: `http://127.0.0.1:*\/callback`. */
  readonly redirect_uris?: readonly string[]
  /** Where users may be sent after a logout that the client asked for; compared as strings. */
  readonly post_logout_redirect_uris?: readonly string[]
  /** Where the client hears that a session of a user has ended. */
  readonly backchannel_logout_uri?: string
  /** @default ['authorization_code', 'refresh_token'] */
  readonly grant_types?: readonly string[]
  /** The secret, or several while one is being rotated. A client with neither secret nor keys is public. */
  readonly client_secret?: string | readonly string[]
  /** The hash of the secret instead of the secret, so that configuration holds none: what `hashClientSecret` gives. */
  readonly client_secret_hash?: string | readonly string[]
  /** @default with a secret, Basic and post are both accepted; with keys alone `private_key_jwt`; without either `none` */
  readonly token_endpoint_auth_method?: string
  /** Whether every token request must carry a DPoP proof. @default false @see [RFC 9449 §5.2](https://www.rfc-editor.org/rfc/rfc9449.html#section-5.2) */
  readonly dpop_bound_access_tokens?: boolean
  /** Whether its tokens are bound to its TLS certificate. @default false @see [RFC 8705 §3.4](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4) */
  readonly tls_client_certificate_bound_access_tokens?: boolean
  /** @default 'native' for a public client with a loopback or private-use redirect URI, else 'web' */
  readonly application_type?: 'native' | 'web'
  /** The scopes that the client may be granted. @default all of the resource */
  readonly scopes?: readonly string[]
  /** The resources that the client may ask for. @default all */
  readonly resources?: readonly string[]
  /** The resource that its requests mean which name none. @default the server's */
  readonly defaultResource?: string
  /** The resources that it is the server of: it may introspect and exchange their tokens. @default none */
  readonly serves?: readonly string[]
  /** The resources that it may exchange tokens for. @default none */
  readonly exchangeFor?: readonly string[]
  /** Whether it must push its authorization requests. @default false */
  readonly require_pushed_authorization_requests?: boolean
  /** Whether its authorization requests must be signed by one of its keys. @default false */
  readonly require_signed_request_object?: boolean
  /** The only JWS algorithm that its request objects may have. @default those of `requestObjects` */
  readonly request_object_signing_alg?: string
  /** The types of authorization details that it may ask for. @default all */
  readonly authorization_details_types?: readonly string[]
  /** `nonce` lets a confidential client go without PKCE when it sends `openid` and `nonce`. @default 'required' */
  readonly pkce?: 'required' | 'nonce'
  /**
   * When the user is asked. `once`: until the user allowed all that is asked for. Both `once` and `never` are refused for
   * clients with a redirect URI that is not https.
   *
   * @default 'always'
   */
  readonly consent?: 'always' | 'once' | 'never'
  /** Seconds. @default the server's */
  readonly accessTokenLifetime?: number
  /** Seconds that a refresh token of this client may lie unused. @default the server's */
  readonly refreshTokenIdleLifetime?: number
  /** Seconds after which a user must approve this client again; for approvals from now on. @default the server's */
  readonly refreshTokenLifetime?: number
  /**
   * How users must have logged in to use this client: ids of providers, and `password` for a login here. Another session of
   * theirs does not count, and they are asked to log in again.
   *
   * @default any way
   */
  readonly providers?: readonly string[]
  /** What the client is, in your terms: `agent`, `editor`. Policies, events and the administration see it; nothing else does. */
  readonly kind?: string
  /** Groups that you put the client in, for policies, events and the administration: `['mcp']`. */
  readonly tags?: readonly string[]
  /** Private-use schemes without a dot that redirect URIs may use, for example `cursor`. */
  readonly allowedSchemes?: readonly string[]
  /** The client's public keys, for `private_key_jwt`, signed requests and, as `x5c`, certificates that it signed itself. */
  readonly jwks?: JwkSet
  /** Where the client's public keys are, an https URL. */
  readonly jwks_uri?: string
  /** `token_endpoint` also accepts assertions whose audience is the URL of the token endpoint. @default 'issuer' */
  readonly assertionAudience?: 'issuer' | 'token_endpoint'
}
