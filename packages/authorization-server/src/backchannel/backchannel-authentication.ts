import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { invalidDetails } from '../authorization-details/invalid-details.ts'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { AuthenticatedClient } from '../client-authentication/authenticated-client.ts'
import { sharedJson } from '../endpoints/shared-response.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import { addressBucket } from '../limits/address-bucket.ts'
import { deviceDonePage } from '../pages/device-done-page.ts'
import { readForm } from '../requests/request-parameters.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import { answerOnBackchannelPage } from './answer-backchannel.ts'
import { backchannelPurpose } from './backchannel-request.ts'
import type { PendingBackchannel } from './backchannel-request.ts'
import type { CibaOptions } from './ciba.ts'
import { cibaGrantType } from './ciba-grant-type.ts'
import { startBackchannel } from './start-backchannel.ts'

/** The options with their defaults. */
export type ResolvedCibaOptions = CibaOptions & Required<Pick<CibaOptions, 'lifetime' | 'interval'>>

/**
 * The backchannel authentication endpoint: a client names a user and gets an id to ask for the answer with.
 *
 * @see [OpenID Connect CIBA Core 1.0 §7](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.7)
 */
export function backchannelAuthentication(options: ResolvedCibaOptions): Endpoint {
  return {
    name: backchannelPurpose,
    path: '/bc-authorize',
    methods: ['POST'],
    page: false,
    async answer(http, context, server) {
      await server.limitRate('authorization', addressBucket(context.ip))
      const parameters = await readForm(http)
      const client = await authenticateClient(http, parameters, server, context)
      try {
        return sharedJson(await begin(parameters, client, context, options, server))
      } catch (error) {
        if (error instanceof OAuthError)
          server.emit({
            type: 'authorization.refused',
            clientId: client.client_id,
            ip: context.ip,
            reason: error.code,
            message: error.message,
            cause: error.cause,
          })
        throw error
      }
    },
    pages: { deviceDone: deviceDonePage },
    resume: (open, arrival, server) =>
      answerOnBackchannelPage(open as OpenRequest<PendingBackchannel>, arrival, server),
    metadata: (url) => ({
      backchannel_authentication_endpoint: url,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_user_code_parameter_supported: false,
    }),
  }
}

async function begin(
  parameters: RequestParameters,
  client: AuthenticatedClient,
  { ip }: RequestContext,
  options: ResolvedCibaOptions,
  server: ServerContext,
): Promise<object> {
  // Whoever can ring at a user's device must be known to the operator, and be who it says it is.
  const known = client.verified && client.authenticationMethods[0] !== 'none'
  if (!known || !client.grant_types.includes(cibaGrantType))
    throw new OAuthError('unauthorized_client', 'this client may not ask for users in the background')
  const { authorizationDetails } = server.options
  if (authorizationDetails.parse(parameters.get('authorization_details'), client) !== undefined)
    throw invalidDetails('authorization_details cannot be asked for in the background')
  const { authReqId, lifetime } = await startBackchannel(parameters, client, ip, options, server)
  return { auth_req_id: authReqId, expires_in: lifetime, interval: options.interval }
}
