import { OAuthError } from '@gatewright/core'
import type { Confirmation, RequestContext } from '@gatewright/core'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import { authorizationRequest } from '../requests/authorization-request.ts'
import { authorizationTarget } from '../requests/authorization-target.ts'
import { readForm, requestParameters } from '../requests/request-parameters.ts'
import { resolveRequest } from '../requests/request-source.ts'
import type { ResolvedRequest } from '../requests/request-source.ts'
import { checkRequiredSources } from '../requests/required-source.ts'
import { readPossession } from '../sender/possession.ts'
import type { ServerContext } from '../server-context.ts'
import { storePushedRequest } from './pushed-request-store.ts'
import { sharedJson } from '../endpoints/shared-response.ts'

// What authenticates the client is no part of its request, and a secret must not be stored.
const authenticationParameters = new Set(['client_secret', 'client_assertion', 'client_assertion_type'])

/**
 * The endpoint that authorization requests are pushed to. A request is checked here as it will be at the authorization endpoint.
 *
 * @see [RFC 9126 §2.1 - Request](https://www.rfc-editor.org/rfc/rfc9126.html#section-2.1)
 */
export function pushedAuthorization(name: string, lifetime: number): Endpoint {
  return {
    name,
    path: '/par',
    methods: ['POST'],
    page: false,
    async answer(http, context, server) {
      const now = server.now()
      const { requestUri, headers } = await push(name, http, context, now + lifetime * 1000, now, server)
      return sharedJson({ request_uri: requestUri, expires_in: lifetime }, 201, headers)
    },
    metadata: (url) => ({ pushed_authorization_request_endpoint: url }),
  }
}

async function push(
  source: string,
  http: Request,
  context: RequestContext,
  expiresAt: number,
  now: number,
  server: ServerContext,
): Promise<{ readonly requestUri: string; readonly headers: Readonly<Record<string, string>> }> {
  await server.limitRate('authorization', context)
  const form = await readForm(http)
  const client = await authenticateClient(http, form, server, context)
  const { client_id: clientId, instance } = client
  const { confirmation, headers } = await readPossession(http, context, server)
  // RFC 9126 §2.1: a reference inside the push could stand for a request of somebody else.
  if (form.get('request_uri') !== undefined)
    throw new OAuthError('invalid_request', 'request_uri must not be pushed')
  const pushed = form.entries.filter(([name]) => !authenticationParameters.has(name))
  const named = form.get('client_id') === undefined ? [...pushed, ['client_id', clientId] as const] : pushed
  const resolved = bindToKey(await resolveRequest(requestParameters(named), context, server), confirmation)
  if (resolved.parameters.get('client_id') !== clientId)
    throw new OAuthError('invalid_request', 'client_id differs from the authenticated client')
  try {
    const target = await authorizationTarget(resolved.parameters, context.ip, server)
    checkRequiredSources(target.client, [source, ...resolved.sources], server)
    authorizationRequest(resolved.parameters, target, now, server)
  } catch (error) {
    if (error instanceof OAuthError)
      server.emit({
        type: 'authorization.refused',
        clientId,
        ip: context.ip,
        reason: error.code,
        message: error.message,
      })
    throw error
  }
  const request = { ...resolved, instance }
  return { requestUri: await storePushedRequest(clientId, request, expiresAt, now, server), headers }
}

/** RFC 9449 §10.1: a proof says the same as `dpop_jkt`, so the code will be good for its key alone. */
function bindToKey(resolved: ResolvedRequest, { jkt }: Confirmation): ResolvedRequest {
  if (jkt === undefined) return resolved
  const { parameters } = resolved
  const named = parameters.get('dpop_jkt')
  if (named === jkt) return resolved
  if (named !== undefined)
    throw new OAuthError('invalid_dpop_proof', 'the DPoP proof is of another key than dpop_jkt names')
  const others = parameters.entries.filter(([name]) => name !== 'dpop_jkt')
  return { ...resolved, parameters: requestParameters([...others, ['dpop_jkt', jkt]]) }
}
