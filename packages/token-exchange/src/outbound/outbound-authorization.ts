/** Who calls: what a verified access token says, or as much of it as another transport has. */
export interface OutboundCaller {
  readonly subject: string
  readonly clientId: string
  readonly token?: string | undefined
  /** Its id, for events. */
  readonly jti?: string | undefined
  readonly expiresAt?: number | undefined
}

/** One call to an upstream, in the name of a caller. */
export interface OutboundCall {
  readonly caller: OutboundCaller
  /** The tool, prompt or resource that is asked for, by the name that clients use. */
  readonly tool: string
  /** The scopes that it needs here. */
  readonly scopes: readonly string[]
}

/** What an upstream is shown. */
export interface OutboundCredential {
  readonly headers: Readonly<Record<string, string>>
  /** Says that the upstream did not accept it. */
  reject?(): void
}

/** Decides with what an upstream is called. Nothing of the caller's own request is ever sent. */
export interface OutboundAuthorization {
  /** Whether the credential depends on who calls; connections and caches are then kept apart by caller. */
  readonly perCaller: boolean
  /** @throws {Error} when there is no credential; the call is then not made */
  credential(call: OutboundCall): OutboundCredential | Promise<OutboundCredential>
}

const token = /^[A-Za-z0-9\-._~+/]+=*$/

/** The header of a bearer token. @throws {TypeError} when it is none, so that no line break and no second header can be smuggled in */
export function bearerHeader(value: string): { readonly authorization: string } {
  // RFC 6750 §2.1: b64token
  if (typeof value !== 'string' || !token.test(value))
    throw new TypeError('the token is not of the form of a bearer token')
  return { authorization: `Bearer ${value}` }
}
