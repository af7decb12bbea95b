import { isSameResource, OAuthError, parseScope } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { User } from '../server-settings.ts'
import type { ResourceOptions } from '../resource-options.ts'
import { openResources } from '../requests/open-resources.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * The resource that the exchanged token is for.
 *
 * @throws {OAuthError} `invalid_target` when the client may not exchange for it, several are named, or the choice is open
 */
export function exchangeTarget(
  parameters: RequestParameters,
  client: Client,
  server: ServerContext,
): ResourceOptions {
  const refused = () => new OAuthError('invalid_target', 'tokens for this target may not be had by exchange')
  const [named, second] = [...new Set([...parameters.all('resource'), ...parameters.all('audience')])]
  if (second !== undefined)
    throw new OAuthError('invalid_target', 'an access token is for one resource; name one')
  const permitted = openResources(client, server).filter(({ resource }) =>
    client.exchangeFor?.includes(resource),
  )
  const [only, another] = permitted
  if (named === undefined) {
    if (only === undefined || another !== undefined) throw refused()
    return only
  }
  const found = permitted.find(({ resource }) => isSameResource(named, resource))
  if (found === undefined) throw refused()
  return found
}

/**
 * The scopes of the subject token, or fewer; never one that the subject token did not amount to.
 *
 * @throws {OAuthError} `invalid_scope` when one goes beyond, or none is left
 */
export function exchangeScopes(
  asked: string | undefined,
  held: readonly string[],
  { scopes: ofResource }: ResourceOptions,
  client: Client,
  user: User,
  { scopes }: ServerContext,
): readonly string[] {
  const permitted = (name: string) =>
    scopes.has(name) &&
    !scopes.isIdentity(name) &&
    [held, client.scopes, user.scopes, ofResource].every((ceiling) => scopes.within(name, ceiling))
  const wanted = parseScope(asked)
  const granted = wanted.length > 0 ? wanted : held.filter(permitted)
  if (granted.length === 0 || !granted.every(permitted))
    throw new OAuthError('invalid_scope', 'a scope goes beyond that of the subject_token')
  return granted
}
