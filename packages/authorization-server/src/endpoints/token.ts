import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { invalidDetails } from '../authorization-details/invalid-details.ts'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import { clientGroups } from '../clients/client.ts'
import type { Client } from '../clients/client.ts'
import { createReadAhead } from '../requests/read-ahead.ts'
import { pick, readForm } from '../requests/request-parameters.ts'
import { readPossession } from '../sender/possession.ts'
import { senderConstraint, tokenType } from '../sender/sender-constraint.ts'
import type { ServerContext } from '../server-context.ts'
import { sharedJson } from './shared-response.ts'

/**
 * The token endpoint: authenticates the client and hands the request to its grant type.
 *
 * @see [RFC 6749 §3.2 - Token Endpoint](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2)
 */
export async function token(
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  await server.limitRate('token', context)
  const parameters = await readForm(http)
  const name = parameters.get('grant_type')
  if (name === undefined) throw new OAuthError('invalid_request', 'the parameter grant_type is missing')
  const grantType = server.options.grants.find((grant) => grant.name === name)
  const own = pick(parameters, grantType?.parameters ?? [])
  const reads = createReadAhead(server, async () => (await grantType?.reads?.(own, server)) ?? [])
  const client = await authenticateClient(http, parameters, server, context, reads)
  const details = { clientId: client.client_id, ip: context.ip, grantType: name.slice(0, 128) }
  try {
    if (grantType === undefined)
      throw new OAuthError('unsupported_grant_type', 'this grant type is not supported')
    if (!client.grant_types.includes(name))
      throw new OAuthError('unauthorized_client', 'this client may not use this grant type')
    const { authorizationDetails } = server.options
    const asked = authorizationDetails.parse(parameters.get('authorization_details'), client)
    if (asked !== undefined && !grantType.parameters.includes('authorization_details'))
      throw invalidDetails('authorization_details cannot be asked for by this grant type')
    const possession = await readPossession(http, context, server)
    const confirmation = senderConstraint(possession.confirmation, client)
    const response = await grantType.handle(
      { client, parameters: own, context, confirmation, read: reads.get },
      server,
    )
    await markUsed(client, server)
    const type = tokenType(confirmation)
    return sharedJson({ ...response, token_type: type }, 200, { pragma: 'no-cache', ...possession.headers })
  } catch (error) {
    if (error instanceof OAuthError)
      server.emit({
        type: 'token.refused',
        ...details,
        ...clientGroups(client),
        reason: error.code,
        message: error.message,
        cause: error.cause,
      })
    throw error
  }
}

/** Tells the sources that the client is in use. The tokens are issued by now, so a failure here must not take them back. */
async function markUsed(client: Client, server: ServerContext): Promise<void> {
  for (const source of server.options.clients) {
    if (source.used === undefined) continue
    try {
      await source.used(client, server)
    } catch (cause) {
      server.emit({ type: 'request.failed', clientId: client.client_id, reason: source.name, cause })
    }
  }
}
