import { createEventSink, defaultRuntime, formatScope, sha256Base64url } from '@gatewright/core'
import * as oauth from 'oauth4webapi'
import { reachAuthorizationServer } from './authorization-server.ts'
import { checkExchangedToken, type ExchangedToken } from './exchanged-token.ts'
import {
  checkTarget,
  exchangeParameters,
  tokenExchangeGrant,
  type ExchangeSubject,
  type ExchangeTarget,
} from './exchange-parameters.ts'
import { checkOptions, type TokenExchangeOptions } from './options.ts'
import { createTokenCache } from './token-cache.ts'
import { TokenExchangeError } from './token-exchange-error.ts'

/** Exchanges the tokens of callers for tokens of the servers behind. */
export interface TokenExchange {
  /**
   * A token for the target in the name of the subject: one that is still good, or a new one.
   *
   * @throws {TypeError} when the target is incomplete
   * @throws {TokenExchangeError} when the authorization server refuses, is out of reach, or issues something else
   */
  exchange(subject: ExchangeSubject, target: ExchangeTarget): Promise<ExchangedToken>
  /** Forgets a token that its server did not accept, so that the next call gets a new one. */
  forget(token: ExchangedToken): void
}

/**
 * Makes a client of an authorization server's token exchange.
 *
 * Tokens are kept until shortly before they expire, each for one subject token, subject, client, target and scope; those who ask
 * for the same at the same time wait for one request.
 *
 * @throws {TypeError} when an option is missing or malformed
 * @see [RFC 8693 §2 - Token Exchange Request and Response](https://www.rfc-editor.org/rfc/rfc8693.html#section-2)
 * @example
 * <!-- prelude
 * declare const gatewaySecret: string
 * declare const caller: ExchangeSubject
 * -->
 * ```ts
 * const gateway = createTokenExchange({
 *   issuer: 'https://auth.example.com',
 *   clientId: 'ai-identity-gateway',
 *   clientSecret: gatewaySecret,
 * })
 * const { token } = await gateway.exchange(caller, {
 *   resource: 'https://ledger.example.com/',
 *   scopes: ['ledger:ListAccounts'],
 *   lifetime: 5,
 * })
 * ```
 */
export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  checkOptions(options)
  const { clientId, clientSecret = '', mode = 'delegation', runtime = defaultRuntime } = options
  const client = { client_id: clientId }
  const authentication = options.clientAuthentication ?? oauth.ClientSecretBasic(clientSecret)
  const actor = mode === 'impersonation' ? undefined : (options.actor ?? clientId)
  const server = reachAuthorizationServer(options, (...parameters) => runtime.fetch(...parameters))
  const cache = createTokenCache<ExchangedToken>(options.maximumTokens ?? 10_000, () => runtime.now())
  const report = createEventSink(options.onEvent, () => runtime.now())

  async function request(subject: ExchangeSubject, target: ExchangeTarget): Promise<ExchangedToken> {
    const now = runtime.now()
    try {
      const parameters = exchangeParameters(subject, target, await options.actorToken?.())
      const metadata = await server.metadata()
      const response = await oauth.processGenericTokenEndpointResponse(
        metadata,
        client,
        await oauth.genericTokenEndpointRequest(
          metadata,
          client,
          authentication,
          tokenExchangeGrant,
          parameters,
          server.request(),
        ),
      )
      return endWithSubject(checkExchangedToken(response, subject, target, { now, actor }), subject)
    } catch (cause) {
      throw toExchangeError(cause)
    }
  }

  async function reported(subject: ExchangeSubject, target: ExchangeTarget): Promise<ExchangedToken> {
    const details = {
      clientId: subject.clientId,
      subject: subject.subject,
      jti: subject.jti,
      resource: target.resource ?? target.audience,
      scope: formatScope(target.scopes),
    }
    try {
      const token = await request(subject, target)
      report({ type: 'token.exchanged', ...details, scope: formatScope(token.scopes) })
      return token
    } catch (cause) {
      const reason = cause instanceof TokenExchangeError ? (cause.error ?? cause.code) : undefined
      report({ type: 'token.exchange_failed', ...details, reason, cause })
      throw cause
    }
  }

  return {
    async exchange(subject, target) {
      checkTarget(target)
      // The token itself is part of the key: two grants of one user at one client need not have the same rights.
      const key = JSON.stringify([
        await sha256Base64url(subject.token),
        subject.subject,
        subject.clientId,
        target.resource,
        target.audience,
        target.scopes.toSorted(),
        target.lifetime,
      ])
      return cache.get(key, () => reported(subject, target))
    },
    forget: ({ token }) => cache.forget((kept) => kept.token === token),
  }
}

/** Whoever may no longer call the gateway must not go on behind it. */
function endWithSubject(token: ExchangedToken, { expiresAt }: ExchangeSubject): ExchangedToken {
  if (expiresAt === undefined || token.expiresAt === undefined || token.expiresAt <= expiresAt) return token
  return { ...token, expiresAt }
}

function toExchangeError(cause: unknown): TokenExchangeError {
  if (cause instanceof TokenExchangeError) return cause
  if (cause instanceof oauth.ResponseBodyError) {
    const { error, error_description: description = 'no description' } = cause
    const message = `the authorization server refused the exchange: ${error} (${description.slice(0, 300)})`
    return new TokenExchangeError('refused', message, { error, cause })
  }
  if (cause instanceof oauth.WWWAuthenticateChallengeError)
    return new TokenExchangeError(
      'refused',
      'the authorization server does not know the gateway as a client',
      {
        error: 'invalid_client',
        cause,
      },
    )
  const message = cause instanceof Error ? cause.message : 'unknown cause'
  return new TokenExchangeError('unavailable', `the token could not be exchanged: ${message}`, { cause })
}
