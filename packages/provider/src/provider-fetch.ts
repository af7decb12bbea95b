import { guardedFetch, OAuthError } from '@gatewright/core'
import type { ProviderOptions } from './provider-options.ts'

const maximumBytes = 1024 * 1024
const timeout = 10

/**
 * The fetch for requests to a provider: it follows no redirect, and gives up after ten seconds and at a mebibyte.
 *
 * @throws {OAuthError} `temporarily_unavailable`, from the returned function, for whatever keeps it from an answer
 */
export function providerFetch({
  id,
  displayName = id,
  reach = 'public',
  fetch: send,
}: ProviderOptions): typeof fetch {
  const guarded = guardedFetch({
    reach,
    maximumBytes,
    timeout,
    ...(send === undefined ? {} : { fetch: send }),
  })
  return async (...parameters) => {
    try {
      return await guarded(...parameters)
    } catch (cause) {
      const headers = { 'retry-after': '5' }
      throw new OAuthError('temporarily_unavailable', `${displayName} could not be reached`, {
        cause,
        headers,
      })
    }
  }
}
