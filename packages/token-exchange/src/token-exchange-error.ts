/** Why there is no token. */
export type TokenExchangeErrorCode =
  /** The authorization server refused; `error` says with which code. */
  | 'refused'
  /** It did not answer, or not in time, or with something that is no token response. */
  | 'unavailable'
  /** It issued something that was not asked for: longer, wider, of another kind, or for nobody. */
  | 'unexpected_token'

/** An exchange that gave no usable token. Its message names no token and may go to a log; it is not meant for a client. */
export class TokenExchangeError extends Error {
  readonly code: TokenExchangeErrorCode
  /** The OAuth error code of the authorization server, for example `invalid_target`. */
  readonly error: string | undefined

  constructor(
    code: TokenExchangeErrorCode,
    message: string,
    options: { readonly error?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'TokenExchangeError'
    this.code = code
    this.error = options.error
  }
}
