import { formatScope, OAuthError } from '@gatewright/core'
import { invalidDetails } from '../authorization-details/invalid-details.ts'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import { readForm } from '../requests/request-parameters.ts'
import { requestedAccess } from '../requests/requested-access.ts'
import { deviceGrantType } from './device-grant-type.ts'
import { newPolledCode, polledRequest, storePolledRequest } from '../polling/polled-request.ts'
import { deviceKind } from './device-kind.ts'
import { storeUserCode } from './user-codes.ts'
import { sharedJson } from '../endpoints/shared-response.ts'

/** Seconds. */
interface DeviceTiming {
  readonly lifetime: number
  readonly interval: number
}

/**
 * The device authorization endpoint: a device gets a code to poll with and a code for its user.
 *
 * @see [RFC 8628 §3.1 - Device Authorization Request](https://www.rfc-editor.org/rfc/rfc8628.html#section-3.1)
 */
export function deviceAuthorization({ lifetime, interval }: DeviceTiming): Endpoint {
  return {
    name: 'device_authorization',
    path: '/device_authorization',
    methods: ['POST'],
    page: false,
    async answer(http, context, server) {
      const { ip } = context
      const now = server.now()
      await server.limitRate('authorization', context)
      const parameters = await readForm(http)
      const client = await authenticateClient(http, parameters, server, context)
      if (!client.grant_types.includes(deviceGrantType))
        throw new OAuthError('unauthorized_client', 'this client may not connect devices')
      const { authorizationDetails } = server.options
      if (authorizationDetails.parse(parameters.get('authorization_details'), client) !== undefined)
        throw invalidDetails('devices cannot ask for authorization_details')
      const access = requestedAccess(parameters, client, server)
      const request = polledRequest(client, access, now + lifetime * 1000)
      const { code, reference } = await newPolledCode(server)
      const userCode = await storeUserCode(reference, request.expiresAt, now, server)
      await storePolledRequest(deviceKind, reference, request, now, server)
      const { clientId } = request
      server.emit({ type: 'device_code.issued', clientId, ip, scope: formatScope(access.scopes) })
      const page = server.urls.url('device')
      return sharedJson({
        device_code: code,
        user_code: userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?user_code=${userCode}`,
        expires_in: lifetime,
        interval,
      })
    },
    metadata: (url) => ({ device_authorization_endpoint: url }),
  }
}
