import type { TokenExchange } from '../create-token-exchange.ts'
import { checkTarget, type ExchangeTarget } from '../exchange-parameters.ts'
import { bearerHeader, type OutboundAuthorization, type OutboundCall } from './outbound-authorization.ts'

/**
 * Shows the upstream a token in the name of the caller, which it gets in exchange for the caller's own.
 *
 * @param target what the token is to be good for; a function decides for each tool
 * @throws {TypeError} when the target is incomplete
 * @example
 * <!-- prelude
 * declare const gateway: TokenExchange
 * -->
 * ```ts
 * const authorization = exchangedToken(gateway, ({ tool }) => ({
 *   resource: 'https://ledger.example.com/',
 *   scopes: [tool === 'ledger_transfer' ? 'ledger:Transfer' : 'ledger:ListAccounts'],
 *   lifetime: 5,
 * }))
 * ```
 */
export function exchangedToken(
  exchange: TokenExchange,
  target: ExchangeTarget | ((call: OutboundCall) => ExchangeTarget),
): OutboundAuthorization {
  if (typeof target !== 'function') checkTarget(target)
  return {
    perCaller: true,
    async credential(call) {
      const { subject, clientId, token, jti, expiresAt } = call.caller
      if (token === undefined) throw new TypeError('the caller has no token that could be exchanged')
      const exchanged = await exchange.exchange(
        { token, subject, clientId, jti, expiresAt },
        typeof target === 'function' ? target(call) : target,
      )
      return { headers: bearerHeader(exchanged.token), reject: () => exchange.forget(exchanged) }
    },
  }
}
