/** What a provider says about a user. The user is known by `issuer` and `subject` together, and by nothing else. */
export interface Identity {
  /** Id of the provider, as the integrator named it. */
  readonly provider: string
  /** Who vouches for the subject. */
  readonly issuer: string
  /** The user's id at the issuer. */
  readonly subject: string
  /** What was mapped, by the names of OpenID Connect. `email_verified` is there only when it is `true`. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Everything that the provider said. Its shape is not checked. */
  readonly raw: Readonly<Record<string, unknown>>
  /** When the user authenticated there, in milliseconds, where a signed statement says so. */
  readonly authenticatedAt?: number | undefined
  /** How the user authenticated there, where a signed statement says so. */
  readonly amr?: readonly string[] | undefined
}

/** The tokens that a provider issued for its own API. */
export interface ProviderTokens {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly idToken?: string | undefined
  /** When the access token ends, in milliseconds. Absent: the provider did not say. */
  readonly expiresAt?: number | undefined
  /** The scopes that were granted. Absent: the provider did not say, which means as requested. */
  readonly scope?: string | undefined
}

/** What a login at a provider starts from. */
export interface LoginStart {
  /** Where the provider sends the browser back to: one URL per provider, which is what defends against mix-up. */
  readonly redirectUri: string
  readonly loginHint?: string | undefined
  readonly uiLocales?: readonly string[] | undefined
  /** Whether the user must authenticate anew even when signed in there. */
  readonly freshLogin?: boolean | undefined
}

/** What a logout at a provider starts from. */
export interface ProviderLogout {
  /** Tells the provider whose session to end. */
  readonly idToken?: string | undefined
  /** Where the provider sends the browser afterwards; it must be registered there. */
  readonly postLogoutRedirectUri?: string | undefined
  readonly state?: string | undefined
}

/**
 * What must be remembered until the browser comes back. Keep it on the server, bound to the browser, and use it once.
 *
 * @see [RFC 9700 §4.7.1 - Countermeasures](https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1)
 */
export interface PendingLogin {
  readonly provider: string
  readonly state: string
  readonly redirectUri: string
  readonly codeVerifier?: string | undefined
  readonly nonce?: string | undefined
}

/** A way to log in somewhere else. */
export interface LoginProvider {
  /** Names the provider in URLs and records; never change it while users depend on it. */
  readonly id: string
  /** What people call the provider. */
  readonly displayName: string
  /** An image as `data:` URL, or a path on this origin. `undefined`: none could be had. */
  logo?(): Promise<string | undefined>
  /** Whether a logout here goes on to the provider. @default false */
  readonly singleLogout?: boolean
  /** Where to send the browser to end the user's session at the provider, or `undefined` when there is no such place. */
  logoutUrl?(request?: ProviderLogout): Promise<string | undefined>
  /** Where to send the browser, and what to remember meanwhile. */
  start(login: LoginStart): Promise<{ readonly url: string; readonly pending: PendingLogin }>
  /**
   * Checks what the browser brought back, and finds out who the user is.
   *
   * @throws {OAuthError} `access_denied` when the user or the provider said no, otherwise what went wrong
   */
  finish(
    parameters: URLSearchParams,
    pending: PendingLogin,
  ): Promise<{ readonly identity: Identity; readonly tokens: ProviderTokens }>
}
