import { OAuthError } from '@gatewright/core'
import type { RequestParameters } from './request-parameters.ts'

/** How fresh the login must be, and whether pages may be shown at all. */
export interface Prompt {
  readonly none: boolean
  /** Whether the user is to be asked, whatever was allowed before. */
  readonly consent: boolean
  /** A login from before this instant does not count; in milliseconds. */
  readonly authenticatedAfter: number | undefined
}

/**
 * Reads `prompt` and `max_age`.
 *
 * @throws {OAuthError} `invalid_request` for contradicting or malformed values
 * @see [OpenID Connect Core 1.0 §3.1.2.1 - Authentication Request](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
 */
export function readPrompt(parameters: RequestParameters, now: number): Prompt {
  const prompts = (parameters.get('prompt') ?? '').split(' ').filter((value) => value !== '')
  const none = prompts.includes('none')
  if (none && prompts.length > 1) throw new OAuthError('invalid_request', 'prompt=none must stand alone')
  const login = prompts.includes('login') || prompts.includes('select_account')
  const maxAge = parameters.get('max_age')
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge))
    throw new OAuthError('invalid_request', 'max_age must be a number of seconds')
  const age = login ? 0 : maxAge === undefined ? undefined : Number(maxAge)
  const consent = prompts.includes('consent')
  return { none, consent, authenticatedAfter: age === undefined ? undefined : now - age * 1000 }
}
