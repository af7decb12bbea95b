import { isSameResource, OAuthError, parseScope } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { ResourceOptions } from '../resource-options.ts'
import type { ServerContext } from '../server-context.ts'
import { openResources } from './open-resources.ts'
import type { RequestParameters } from './request-parameters.ts'

const maximumResources = 10

/** What a client asks access to. */
export interface RequestedAccess {
  /** The scopes that it asked for, or its default. */
  readonly requested: readonly string[]
  /** Those of them that the client's ceiling and the resources leave. */
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
}

/**
 * Reads `scope` and `resource` against what the server, the client and the resources allow.
 *
 * @throws {OAuthError} `invalid_scope` for an unknown scope or when nothing is left, `invalid_target` for a resource that is unknown or not open to the client
 * @see [RFC 8707 §2 - Resource Parameter](https://www.rfc-editor.org/rfc/rfc8707.html#section-2)
 */
export function requestedAccess(
  parameters: RequestParameters,
  client: Client,
  server: ServerContext,
): RequestedAccess {
  const asked = parseScope(parameters.get('scope'))
  if (asked.some((name) => !server.scopes.has(name)))
    throw new OAuthError('invalid_scope', 'a requested scope is unknown')
  const resources = requestedResources(parameters.all('resource'), asked, client, server)
  const requested = asked.length > 0 ? asked : defaultScopes(resources, client, server)
  const scopes = requested.filter(
    (name) =>
      server.scopes.within(name, client.scopes) &&
      (server.scopes.isIdentity(name) ||
        resources.some(({ scopes: own }) => server.scopes.within(name, own))),
  )
  if (scopes.length === 0)
    throw new OAuthError('invalid_scope', 'none of the requested scopes can be granted to this client')
  return { requested, scopes, resources: resources.map(({ resource }) => resource) }
}

/**
 * The resources that a request is about: those it names, or the only one that is open to the client.
 *
 * @throws {OAuthError} `invalid_target` when one is unknown or not open to the client, or the choice is open
 */
export function requestedResources(
  named: readonly string[],
  scopes: readonly string[],
  client: Client,
  server: ServerContext,
): readonly ResourceOptions[] {
  if (named.length > maximumResources) throw new OAuthError('invalid_target', 'too many resources')
  const open = openResources(client, server)
  if (named.length > 0) {
    const found = named.map((name) => {
      const match = open.find(({ resource }) => isSameResource(name, resource))
      if (match === undefined)
        throw new OAuthError('invalid_target', 'the resource is unknown, or not open to this client')
      return match
    })
    return [...new Set(found)]
  }
  // A relying party that wants to know who the user is names no resource: its token is good for the user's identity only.
  if (scopes.length > 0 && scopes.every((name) => server.scopes.isIdentity(name))) return []
  const chosen = client.defaultResource ?? server.options.defaultResource
  const preset = open.find(({ resource }) => resource === chosen)
  if (preset !== undefined) return [preset]
  const [only, another] = open
  if (only !== undefined && another === undefined) return [only]
  throw new OAuthError('invalid_target', 'resource is missing; this server protects several, so name one')
}

function defaultScopes(
  resources: readonly ResourceOptions[],
  client: Client,
  server: ServerContext,
): readonly string[] {
  const names = resources.flatMap(
    ({ scopes, defaultScopes }) => defaultScopes ?? scopes ?? server.options.scopes.names,
  )
  return [...new Set(names)].filter((name) => server.scopes.within(name, client.scopes))
}
