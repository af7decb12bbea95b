/** Why a login did not work, as far as the user is told. */
export type LoginFailure = 'wrong_password' | 'too_many_attempts' | 'provider_failed'

/** A provider that the login page offers. */
export interface ProviderChoice {
  /** What the form sends back as `provider` when the user chooses it. */
  readonly id: string
  /** What users call it. */
  readonly name: string
  /** A `data:` URL or one at the server's own origin; the content security policy blocks every other. @default none */
  readonly logo?: string | undefined
}

/** What the login page shows. */
export interface LoginState {
  /** What was typed before. @default what the client hinted */
  readonly username?: string | undefined
  /** Why the last attempt failed. A page with one is sent with status 401. */
  readonly failure?: LoginFailure | undefined
  /** Whether to ask for a user name and a password, which the form sends back as `username` and `password`. @default true */
  readonly password?: boolean | undefined
  /** @default none */
  readonly providers?: readonly ProviderChoice[] | undefined
}

/** What the consent page shows besides the request. */
export interface ConsentState {
  /** Where the user signs in next; the form sends its id back as `provider`. @default none: the user is signed in */
  readonly provider?: ProviderChoice | undefined
}

/** The server's own pages for one request, in the user's language and the integrator's look. */
export interface InteractionPages {
  /** Asks the user to sign in. */
  login(state?: LoginState): Promise<Response>
  /** Asks what the client may do. The form sends back `decision`, `approve` or `deny`, and each ticked `scope`. */
  consent(state?: ConsentState): Promise<Response>
}
