/**
 * A client of token exchange (RFC 8693 §2), and the credentials with which a gateway calls what stands behind it.
 *
 * @module @gatewright/token-exchange
 */
export { createTokenExchange } from './create-token-exchange.ts'
export type { TokenExchange } from './create-token-exchange.ts'
export type { TokenExchangeOptions } from './options.ts'
export type { ExchangeSubject, ExchangeTarget } from './exchange-parameters.ts'
export type { ExchangedToken } from './exchanged-token.ts'
export { TokenExchangeError } from './token-exchange-error.ts'
export type { TokenExchangeErrorCode } from './token-exchange-error.ts'
export type {
  OutboundAuthorization,
  OutboundCall,
  OutboundCaller,
  OutboundCredential,
} from './outbound/outbound-authorization.ts'
export { noCredential } from './outbound/no-credential.ts'
export { fixedHeader, fixedToken } from './outbound/fixed-credential.ts'
export { exchangedToken } from './outbound/exchanged-token.ts'
export { storedToken } from './outbound/stored-token.ts'
