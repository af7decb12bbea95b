import type { OnEvent, Runtime } from '@gatewright/core'
import type { ClientAuth } from 'oauth4webapi'

/** Options of `createTokenExchange`. */
export interface TokenExchangeOptions {
  /** The authorization server whose tokens are exchanged; its endpoints are discovered, once. */
  readonly issuer: string
  /** Its token endpoint, when it is known and discovery is not wanted. */
  readonly tokenEndpoint?: string | undefined
  /** The client that exchanges: the gateway itself. */
  readonly clientId: string
  /** Its secret, sent by HTTP Basic. Give this or `clientAuthentication`. */
  readonly clientSecret?: string | undefined
  /** Another way to authenticate, from oauth4webapi: `ClientSecretPost(…)`, `PrivateKeyJwt(…)`. */
  readonly clientAuthentication?: ClientAuth | undefined
  /**
   * Whether the new token has to name the gateway as the actor. An answer that does not is refused under `delegation`, as far as it
   * is a JWT that can be looked into.
   *
   * @default 'delegation'
   */
  readonly mode?: 'delegation' | 'impersonation' | undefined
  /** Gives a token of the actor, where the authorization server wants one. @default the client's authentication says who acts */
  readonly actorToken?: (() => string | Promise<string>) | undefined
  /** The `sub` that the newest actor has in tokens. @default the client's id */
  readonly actor?: string | undefined
  /** Seconds until the authorization server must have answered. @default 10 */
  readonly timeout?: number | undefined
  /** Tokens that are kept at most. @default 10000 */
  readonly maximumTokens?: number | undefined
  /** Receives `token.exchanged` and `token.exchange_failed`. @default none */
  readonly onEvent?: OnEvent | undefined
  /** @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

/** @throws {TypeError} when an option is missing or malformed */
export function checkOptions(options: TokenExchangeOptions): void {
  const { clientId, clientSecret, clientAuthentication, mode = 'delegation', timeout = 10 } = options
  const { maximumTokens = 10_000 } = options
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('clientId must be a text')
  if ((clientSecret === undefined) === (clientAuthentication === undefined))
    throw new TypeError('give clientSecret or clientAuthentication: who proves nothing cannot act for a user')
  if (clientSecret === '') throw new TypeError('clientSecret must not be empty')
  if (mode !== 'delegation' && mode !== 'impersonation')
    throw new TypeError('mode must be "delegation" or "impersonation"')
  if (!(timeout > 0 && timeout <= 300))
    throw new TypeError('timeout must be more than 0 and at most 300 seconds')
  if (!Number.isSafeInteger(maximumTokens) || maximumTokens < 1)
    throw new TypeError('maximumTokens must be a positive whole number')
}
