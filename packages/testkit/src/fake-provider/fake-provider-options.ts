/** A user of the fake provider: what its userinfo says. `sub` is the user's id. */
export type FakeUser = Readonly<Record<string, unknown>> & { readonly sub: string }

/** Who the fake provider is and what it knows. */
export interface FakeProviderOptions {
  /** @default 'https://up.example.net' */
  readonly issuer?: string
  /** @default 'client' */
  readonly clientId?: string
  /** `undefined` accepts every client authentication. @default 'client-secret' */
  readonly clientSecret?: string | undefined
  /** Users by the name that logs them in. @default alice and bob */
  readonly users?: Readonly<Record<string, FakeUser>>
  /** The current instant in milliseconds. @default the real one */
  readonly now?: () => number
  /** Seconds. @default 3600 */
  readonly accessTokenLifetime?: number
}

/** An ID token before it is signed. */
export interface IdTokenDraft {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * How the provider misbehaves. Each function gets the honest answer and returns another; what is not set stays honest.
 */
export interface FakeProviderBehavior {
  /** Changes an ID token before it is signed. A header with `alg: 'none'` or `'HS256'` is signed that way. */
  readonly idToken?: (draft: IdTokenDraft) => IdTokenDraft
  /** Changes the finished compact ID token. */
  readonly signedIdToken?: (jwt: string) => string
  /** Changes the token response, or replaces it by any response. */
  readonly token?: (body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | Response
  /** Changes the claims of userinfo, or replaces the response. */
  readonly userinfo?: (
    claims: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>> | Response
  /** Changes the discovery document. */
  readonly discovery?: (document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  /** Changes the parameters that the browser brings back. */
  readonly callback?: (parameters: URLSearchParams) => URLSearchParams
  /** Answers every request but the browser's with this status, and does nothing. */
  readonly outage?: number
  /** Signs userinfo as a JWT. @default false */
  readonly signsUserinfo?: boolean
}
