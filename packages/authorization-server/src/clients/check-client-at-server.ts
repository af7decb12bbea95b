import type { ResolvedOptions } from '../options.ts'
import { identityScopeNames } from '../requests/scope-catalog.ts'
import { grantTypes, list, methodsOf } from './check-client.ts'
import type { ClientOptions } from './client-options.ts'
import { uselessMetadata } from './metadata-of-parts.ts'
import { signingAlgorithmProblem } from './request-demands.ts'
import { responseAlgorithmsProblem } from './response-algorithms.ts'

/**
 * Compares a client with the server that it is registered at. What one names and the other does not have would otherwise
 * come to light at the first user.
 *
 * @throws {TypeError} for a client that could never work there, or would be less safe than it says
 */
export function checkClientAtServer(client: ClientOptions, server: ResolvedOptions): void {
  const where = `client "${client.client_id}"`
  const refuse = (problem: string): never => {
    throw new TypeError(`${where}: ${problem}`)
  }
  const known = (option: string, named: readonly string[], there: readonly string[], mend: string): void => {
    const stranger = named.find((name) => !there.includes(name))
    if (stranger !== undefined)
      refuse(`${option} names "${stranger}", but this server has ${there.join(', ') || 'none'}; ${mend}`)
  }
  const scope = client.scopes?.find((name) => !server.scopes.has(name) && !identityScopeNames.includes(name))
  if (scope !== undefined)
    refuse(
      `scopes names "${scope}", but this server has ${server.scopes.names.join(', ')}; define it with defineScopes, or correct it`,
    )
  const resources = server.resources.map(({ resource }) => resource)
  const asResource = 'write one exactly as it is in the option resources'
  known('resources', client.resources ?? [], resources, asResource)
  known('defaultResource', list(client.defaultResource), client.resources ?? resources, asResource)
  known('serves', client.serves ?? [], [...resources, server.issuer], asResource)
  known('exchangeFor', client.exchangeFor ?? [], resources, asResource)
  const grants = server.grants.map(({ name }) => name)
  // Who names no grant types gets those of the two usual ones that the server has, as long as users can come at all.
  const used = client.grant_types ?? grantTypes(client).slice(0, 1)
  known('grant_types', used, grants, 'add the grant type to the option grants, or leave it out here')
  const methods = server.clientAuthentication.map(({ name }) => name)
  const accepted = methodsOf(client)
  if (!accepted.some((name) => methods.includes(name)))
    refuse(
      `it authenticates by ${accepted.join(' or ')}, but this server has ${methods.join(', ') || 'none'}; add the method to the option clientAuthentication, or set token_endpoint_auth_method`,
    )
  for (const method of server.clientAuthentication) {
    const problem = accepted.includes(method.name) ? method.problem?.(client.client_id) : undefined
    if (problem !== undefined) refuse(problem)
  }
  if (server.interaction.providers !== undefined)
    known(
      'providers',
      client.providers ?? [],
      ['password', ...server.interaction.providers],
      'pass the provider to loginWith, or correct its id',
    )
  known(
    'authorization_details_types',
    client.authorization_details_types ?? [],
    server.authorizationDetails.names,
    'add the type to the option authorizationDetails, or leave it out here',
  )
  const problem =
    uselessMetadata(client, server) ??
    responseAlgorithmsProblem(client, server.keys.algorithms) ??
    signingAlgorithmProblem(client, server.requestSources)
  if (problem !== undefined) refuse(problem)
}
