/** A client that the authorization server knows already, under the names of its registration. */
export interface KnownClient {
  readonly client_id: string
  /** Absent for a public client. */
  readonly client_secret?: string
  /** One of them is used as it is written here; nothing has to listen there. */
  readonly redirect_uris: readonly [string, ...string[]]
}

/** A client that may exchange tokens, and where to. */
export interface ExchangeParty {
  readonly client: KnownClient
  /** A resource whose tokens it may ask for in exchange for one of the tested resource. */
  readonly resource: string
}

/** A user who can sign in and may approve everything. Tests only: never an account of a person. */
export interface TestUser {
  readonly username: string
  readonly password: string
}

/** A tool whose scope the narrow token lacks. */
export interface GatedTool {
  readonly name: string
  /** @default {} */
  readonly arguments?: Readonly<Record<string, unknown>>
  /** The scope that it needs. */
  readonly scope: string
}

/**
 * The server that is tested, and what the checks may use there.
 *
 * Everything but one of `resource` and `issuer` is optional: what is not told makes checks not applicable, never passed.
 *
 * @group Checks
 */
export interface Target {
  /** URL of the protected resource, for example the MCP server that users paste: `https://example.com/mcp`. */
  readonly resource?: string
  /** The authorization server. @default the first that the resource's metadata names */
  readonly issuer?: string
  /** Carries the requests; see `handlerFetch` for a handler. @default the network */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Clients that are registered. Without them the checks register their own, where the server lets them. */
  readonly clients?: readonly KnownClient[]
  /** A client that may connect devices. */
  readonly deviceClient?: KnownClient
  /** A client whose `client_id` is the URL of its metadata document. You host that; it must name the same `redirect_uris`. */
  readonly documentClient?: KnownClient
  readonly exchange?: ExchangeParty
  /** For a server that wants one to register clients. */
  readonly initialAccessToken?: string
  /** Signs in by filling the forms of the server's own pages. */
  readonly user?: TestUser
  /** Signs in and approves in any other way; resolves to the redirect URI with its parameters, which is not opened. */
  readonly approve?: (authorizationUrl: URL) => Promise<URL>
  /** The scope to ask for when a check needs no special one. @default what the server's challenge names */
  readonly scope?: string
  readonly tool?: GatedTool
  /** Another resource of the same authorization server, to whose tokens the first must be closed. */
  readonly otherResource?: string
  /**
   * Whether a request may be sent to a URL. What a server's metadata names is not the server: it may belong to somebody else.
   *
   * @default everywhere
   */
  readonly mayContact?: (url: URL) => boolean
}
