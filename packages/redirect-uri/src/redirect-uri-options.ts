/** What one client may do beyond exact redirect URIs; everything that widens a match is off by default. */
export interface RedirectUriOptions {
  /**
   * Lets each registered `http` loopback URI match with any port. Meant for native (public) clients, which
   * cannot know their port before they run.
   *
   * @default false
   */
  anyLoopbackPort?: boolean
  /**
   * Whether `anyLoopbackPort` holds for the name `localhost` too, and not only for `127.0.0.1` and `[::1]`.
   *
   * @default true
   */
  localhostAnyPort?: boolean
  /**
   * Accepts `*` as the port of an `http` loopback entry: `http://127.0.0.1:*` followed by its path. Meant for
   * entries that the operator wrote; a dynamic registration must leave it off.
   *
   * @default false
   */
  wildcardPort?: boolean
  /**
   * Accepts entries such as `https://*.preview.example.com/callback`, where `*` stands for exactly one
   * left-most label. Meant for entries that the operator wrote, below a domain where strangers get no names:
   * a list of public suffixes is not consulted.
   *
   * @default false
   */
  wildcardSubdomains?: boolean
  /**
   * Private-use schemes without a dot that may be used, in lower case and without the colon, for example
   * `['cursor', 'vscode']`. Schemes with a dot need no entry.
   *
   * @default []
   */
  allowedSchemes?: readonly string[]
}
