import { checkOriginUrl, isLoopbackHostname } from '@gatewright/core'
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
    signal: AbortSignal
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

  const request = () => ({
    [oauth.customFetch]: async (target: string, init: object) => {
      // A document that was fetched over https must not send secrets in the clear.
      if (new URL(target).protocol !== 'https:' && !isLoopbackHostname(new URL(target).hostname))
        throw new TypeError(`${new URL(target).origin} is neither https nor on this machine`)
      return bounded(await fetcher(target, { ...init, redirect: 'manual' }))
    },
    [oauth.allowInsecureRequests]: true,
    signal: AbortSignal.timeout(timeout * 1000),
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

/** The response, breaking off where it is longer than a token response can be. */
function bounded(response: Response): Response {
  let bytes = 0
  const limit = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > maximumBytes) controller.error(new Error(`the answer is longer than ${maximumBytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
  const { status, headers, body } = response
  return new Response(body?.pipeThrough(limit) ?? null, { status, headers })
}
