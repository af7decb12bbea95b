import { checkOriginUrl, guardedFetch, isLoopbackHostname } from '@gatewright/core'
import * as oauth from 'oauth4webapi'
import type { TokenExchangeOptions } from './options.ts'

/** Requests to one authorization server, within time and size. */
export interface AuthorizationServerAccess {
  /** What it says about itself; asked once, and again after a failure. */
  metadata(): Promise<oauth.AuthorizationServer>
  /** Options for one request. */
  request(): {
    [oauth.customFetch]: (url: string, options: object) => Promise<Response>
    [oauth.allowInsecureRequests]: boolean
  }
}

const maximumBytes = 256 * 1024

/** @throws {TypeError} when the issuer or the token endpoint is not https, or http on this machine */
export function reachAuthorizationServer(
  { issuer, tokenEndpoint, timeout = 10 }: TokenExchangeOptions,
  fetcher: typeof fetch,
): AuthorizationServerAccess {
  const url = checkOriginUrl(issuer, 'issuer')
  if (tokenEndpoint !== undefined) checkOriginUrl(tokenEndpoint, 'tokenEndpoint')
  let known: Promise<oauth.AuthorizationServer> | undefined =
    tokenEndpoint === undefined ? undefined : Promise.resolve({ issuer, token_endpoint: tokenEndpoint })

  // The operator wrote the issuer down, so it may be anywhere; what it answers is bounded all the same.
  const send = guardedFetch({ reach: 'any', maximumBytes, timeout, fetch: fetcher })
  const request = () => ({
    [oauth.customFetch]: async (target: string, init: object) => {
      // A document that was fetched over https must not send secrets in the clear.
      if (new URL(target).protocol !== 'https:' && !isLoopbackHostname(new URL(target).hostname))
        throw new TypeError(`${new URL(target).origin} is neither https nor on this machine`)
      return send(target, init)
    },
    [oauth.allowInsecureRequests]: true,
  })

  async function discover(): Promise<oauth.AuthorizationServer> {
    const response = await oauth.discoveryRequest(url, { ...request(), algorithm: 'oauth2' })
    return oauth.processDiscoveryResponse(url, response)
  }

  return {
    request,
    metadata() {
      known ??= discover().catch((error: unknown) => {
        known = undefined
        throw error
      })
      return known
    },
  }
}
