import { bearerHeader, type OutboundAuthorization } from './outbound-authorization.ts'

/**
 * Shows the upstream one bearer token, whoever calls: it then cannot tell users apart, and the gateway alone decides who may what.
 *
 * @param token the token, or a function that gives the present one
 * @throws {TypeError} when it is not of the form of a bearer token
 */
export function fixedToken(token: string | (() => string | Promise<string>)): OutboundAuthorization {
  if (typeof token === 'string') bearerHeader(token)
  const current = typeof token === 'string' ? () => token : token
  return { perCaller: false, credential: async () => ({ headers: bearerHeader(await current()) }) }
}

/**
 * Shows the upstream one header, whoever calls, for example an API key.
 *
 * @throws {TypeError} when name or value cannot stand in a header
 */
export function fixedHeader(name: string, value: string): OutboundAuthorization {
  const headers = Object.freeze(Object.fromEntries(new Headers({ [name]: value })))
  return { perCaller: false, credential: () => ({ headers }) }
}
