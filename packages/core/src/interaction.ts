import type { EventSink } from './events.ts'
import type { InteractionPages } from './interaction-pages.ts'
import type { PendingLogin } from './login-provider.ts'
import type { RequestContext } from './request-handler.ts'

/** A user who has been authenticated. */
export interface Subject {
  /** The user's id in tokens (`sub`); non-empty, stable, never reused. */
  readonly subject: string
  /** When the user authenticated, in milliseconds. */
  readonly authenticatedAt: number
  /** How the user authenticated. @see [RFC 8176 §2 - Authentication Method Reference Values](https://www.rfc-editor.org/rfc/rfc8176.html#section-2) */
  readonly amr?: readonly string[]
  /** Id of the provider that vouched for the user. Absent: the user logged in here. */
  readonly provider?: string
  /** How strong that was, in the terms of your product. @see [OpenID Connect Core 1.0 §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken) */
  readonly acr?: string
}

/** A login that has just happened. */
export interface Login extends Subject {
  /**
   * Where the browser goes when it signs out here, to sign out at the provider as well. It must lead back to
   * {@link Visit.signedOutUri}; `state` is added. It is kept sealed under the cookie of the session.
   */
  readonly logoutUrl?: string
}

/** A subject remembered by the browser's session cookie. */
export interface Session extends Subject {
  /** Hash of the session's secret: names the session without opening it. It changes with each login. */
  readonly sessionId: string
  /** Names the session to clients, in ID tokens and logout tokens, for as long as the same user stays at the browser. */
  readonly sid: string
}

/** What the pages may know about a client. Names and links of a client that registered itself are its own claims. */
export interface InteractionClient {
  readonly client_id: string
  readonly client_name?: string | undefined
  readonly client_uri?: string | undefined
  /** Whether the operator registered this client, or it registered itself. */
  readonly verified: boolean
}

/** A scope that a client asks for. */
export interface RequestedScope {
  readonly name: string
  /** Its text for people. */
  readonly description: string
  /** Whether it goes beyond what the user allowed this client before, where that is remembered. */
  readonly isNew?: boolean | undefined
}

/** An authorization request that has passed every check and waits for the user. */
export interface AuthorizationRequest {
  /** Name of the integrator's product, as its users know it. */
  readonly productName: string
  readonly client: InteractionClient
  /** Where the answer will go; already matched against the client's registration. Absent when the client fetches it. */
  readonly redirectUri?: string | undefined
  /**
   * The code that the user's device shows, when the answer is for one. A consent page must show it and ask whether it is
   * the same, and must not be skipped: the code may have come in a link from somebody else.
   *
   * @see [RFC 8628 §5.4 - Remote Phishing](https://www.rfc-editor.org/rfc/rfc8628.html#section-5.4)
   */
  readonly userCode?: string | undefined
  /**
   * What the client shows where the request was started, when that is not this browser. Where both `redirectUri` and `userCode`
   * are absent, a consent page must say so, show this text if there is one and ask whether it is the same.
   *
   * @see [OpenID Connect CIBA Core 1.0 §7.1](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.7.1)
   */
  readonly bindingMessage?: string | undefined
  /** The scopes that the client asks for and may be granted, with their texts for people. */
  readonly scopes: readonly RequestedScope[]
  /** The resources that the tokens will be good for. */
  readonly resources: readonly string[]
  /** What the client asks for beyond scopes, in words. A consent page must show it: it is granted as a whole. */
  readonly details: readonly string[]
  /** Seconds after which the user has to approve again, whatever is refreshed. */
  readonly lifetime: number
  readonly loginHint?: string | undefined
  /** The strengths of login that the client would like, best first. Nothing enforces them. */
  readonly acrValues?: readonly string[] | undefined
  readonly uiLocales?: readonly string[] | undefined
  /** The provider that the client suggests. */
  readonly providerHint?: string | undefined
  /** Ids of the providers that this client's users must log in through, `password` for a login here. Absent: any. The server checks it. */
  readonly providers?: readonly string[] | undefined
  /** A login from before this instant does not count; in milliseconds. */
  readonly authenticatedAfter?: number | undefined
  /** Whether the user must be asked before anything is granted. */
  readonly consentRequired: boolean
  /** When the request lapses, in milliseconds. */
  readonly expiresAt: number
}

/** A departure of the browser to a provider. */
export interface Departure {
  readonly url: string
  readonly pending: PendingLogin
  /** The scopes that the user has just approved; without them nobody leaves where consent is required. */
  readonly approved?: readonly string[] | undefined
}

/** What the browser brought back from a provider. It is the same browser, and it comes back once. */
export interface Return {
  readonly parameters: URLSearchParams
  readonly pending: PendingLogin
}

/** One arrival of the user's browser at an {@link Interaction}. */
export interface Visit {
  readonly http: Request
  readonly context: RequestContext
  /** What the user submitted. Present only for a POST that proved to come from our own page in the same browser. */
  readonly form?: URLSearchParams | undefined
  /** The session of this browser, when it is fresh enough for the request. */
  readonly session?: Session | undefined
  /** What the signed-in user is called; known once the user has authenticated. */
  readonly userName?: string | undefined
  /** Set when the browser has just come back from a provider. */
  readonly returned?: Return | undefined
  /** The redirect URI of a provider. @throws {TypeError} when the interaction does not list it */
  redirectUri(provider: string): string
  /** Where a provider sends the browser back to after a logout there. */
  readonly signedOutUri: string
  /**
   * Sends the browser to a provider: remembers what must be remembered, and binds it to this browser.
   *
   * @throws {OAuthError} `login_required` when pages are not allowed, `server_error` when consent is required and was not just given
   */
  leave(departure: Departure): Promise<Response>
  /** Where a page's form posts to, and where an own login page sends the browser when it is done. */
  readonly action: string
  /** Makes the value of the hidden field `csrf` that a page's form must carry. */
  csrf(): Promise<string>
  /** The server's own pages, for a step that shows one. */
  readonly pages: InteractionPages
  /** The current instant in milliseconds. */
  readonly now: number
  /** Reports what happened, for example a failed login. */
  readonly emit: EventSink
}

/** What the user granted. */
export interface Approval {
  /** A subset of the scopes that were asked for. */
  readonly scopes: readonly string[]
}

/**
 * Login and consent, as two steps that either know the answer or show a page.
 *
 * A step is asked again on each arrival of the browser at {@link Visit.action}. The server re-checks what it returns.
 */
export interface Interaction {
  /** Ids of the providers that the browser may come back from. @default [] */
  readonly providers?: readonly string[]
  /** Who is at the browser: the subject, or a response that finds it out. */
  authenticate(request: AuthorizationRequest, visit: Visit): Promise<Login | Response>
  /** What the user grants, or a response that asks. Throw `OAuthError('access_denied')` when the user refuses. */
  consent(request: AuthorizationRequest, subject: Subject, visit: Visit): Promise<Approval | Response>
}
