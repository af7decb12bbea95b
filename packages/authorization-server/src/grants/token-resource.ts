import { isSameResource, OAuthError } from '@gatewright/core'
import { openResources } from '../requests/open-resources.ts'
import type { ServerContext } from '../server-context.ts'
import type { TokenRequest } from './grant-type.ts'

/**
 * The one resource that an access token will be for, of those that were granted and are still open to the client.
 *
 * @throws {OAuthError} `invalid_target` when another resource is named, several are, the choice is open, or none is left
 * @see [RFC 8707 §2.2 - Access Token Request](https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2)
 */
export function tokenResource(
  { client, parameters }: TokenRequest,
  granted: readonly string[],
  server: ServerContext,
): string | undefined {
  const [requested, second] = parameters.all('resource')
  if (second !== undefined)
    throw new OAuthError('invalid_target', 'an access token is for one resource; name one')
  const open = openResources(client, server)
  const left = granted.filter((name) => open.some(({ resource }) => resource === name))
  if (requested === undefined) {
    if (left.length > 1)
      throw new OAuthError(
        'invalid_target',
        'several resources were granted; name the one that the token is for',
      )
    // Without this check a grant that lost its resources would get tokens for the user's identity instead.
    if (left.length === 0 && granted.length > 0)
      throw new OAuthError('invalid_target', 'the resource is no longer open to this client')
    return left[0]
  }
  const match = left.find((resource) => isSameResource(requested, resource))
  if (match === undefined) throw new OAuthError('invalid_target', 'the resource is not one that was granted')
  return match
}
