import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { signingAlgorithms } from '../client-authentication/signing-algorithms.ts'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Client } from '../clients/client.ts'
import type { Endpoint } from './endpoint.ts'
import { isCurrent, isOfFamily } from '../grants/refresh-family.ts'
import { readRefreshToken } from '../grants/token-formats.ts'
import { readForm } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import { endToken } from '../tokens/token-state.ts'
import { sharedJson } from './shared-response.ts'

/**
 * The revocation endpoint. A refresh token takes its whole grant with it, an access token goes alone.
 *
 * An unknown or foreign token gets the same answer as a revoked one, and stays what it was.
 *
 * @see [RFC 7009 §2 - Token Revocation](https://www.rfc-editor.org/rfc/rfc7009.html#section-2)
 */
export function revocation(): Endpoint {
  return {
    name: 'revocation',
    path: '/revoke',
    methods: ['POST'],
    page: false,
    answer,
    metadata: (url, { options }) => ({
      revocation_endpoint: url,
      revocation_endpoint_auth_methods_supported: options.clientAuthentication.map(({ name }) => name),
      ...(signingAlgorithms(options).length > 0 && {
        revocation_endpoint_auth_signing_alg_values_supported: signingAlgorithms(options),
      }),
    }),
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const parameters = await readForm(http)
  const client = await authenticateClient(http, parameters, server, context)
  const token = parameters.get('token')
  if (token === undefined) throw new OAuthError('invalid_request', 'the parameter token is missing')
  // The hint only says where to look first, so it is not needed: the two kinds look different.
  if (!(await revokeRefreshToken(token, client, context, server)))
    await revokeAccessToken(token, client, context, server)
  // RFC 7009 §2.2 leaves the body open; some clients insist on JSON.
  return sharedJson({})
}

async function revokeAccessToken(
  token: string,
  { client_id: clientId }: Client,
  { ip }: RequestContext,
  server: ServerContext,
): Promise<void> {
  const ended = await endToken(token, clientId, server)
  if (ended === undefined) return
  const { sub: subject, grant_id: grantId, jti } = ended
  server.emit({ type: 'token.revoked', clientId, subject, grantId, jti, ip })
}

async function revokeRefreshToken(
  token: string,
  client: Client,
  context: RequestContext,
  server: ServerContext,
): Promise<boolean> {
  const parts = await readRefreshToken(token)
  if (parts === undefined) return false
  const now = server.now()
  const stored = await server.grants.read(parts.grantId, now)
  const family = stored?.value.refresh
  if (stored === undefined || family === undefined || stored.value.clientId !== client.client_id) return true
  if (!isCurrent(parts, family) && !(await isOfFamily(parts, family))) return true
  const ended = await server.grants.revoke(stored, now)
  const details = {
    clientId: client.client_id,
    subject: stored.value.subject,
    grantId: parts.grantId,
    ip: context.ip,
  }
  if (ended) server.emit({ type: 'grant.revoked', ...details, reason: 'client' })
  return true
}
