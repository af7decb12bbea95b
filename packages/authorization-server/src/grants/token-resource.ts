import { canonicalResource, OAuthError } from '@gatewright/core'
import type { RequestParameters } from '../requests/request-parameters.ts'

/**
 * The one resource that an access token will be for, of those that were granted.
 *
 * @throws {OAuthError} `invalid_target` when another resource is named, several are, or the choice is open
 * @see [RFC 8707 §2.2 - Access Token Request](https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2)
 */
export function tokenResource(parameters: RequestParameters, granted: readonly string[]): string | undefined {
  const [requested, second] = parameters.all('resource')
  if (second !== undefined)
    throw new OAuthError('invalid_target', 'an access token is for one resource; name one')
  if (requested === undefined) {
    if (granted.length > 1)
      throw new OAuthError(
        'invalid_target',
        'several resources were granted; name the one that the token is for',
      )
    return granted[0]
  }
  const canonical = canonicalResource(requested)
  const match = granted.find((resource) => canonicalResource(resource) === canonical)
  if (canonical === undefined || match === undefined)
    throw new OAuthError('invalid_target', 'the resource is not one that was granted')
  return match
}
