import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'

/** What a request says besides whom it is for and what it wants access to. */
export interface BackchannelParameters {
  readonly bindingMessage: string | undefined
  readonly acrValues: readonly string[] | undefined
  /** Seconds. */
  readonly lifetime: number
  /** Sent with a ping. */
  readonly notificationToken: string | undefined
}

const invalid = (message: string) => new OAuthError('invalid_request', message)
// What a person sees on one line: no control, direction or invisible characters, which could make the page say something else.
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,100}$/u
// Promises that a client could take for kept.
const unsupported = ['user_code', 'request', 'request_uri', 'claims']

/**
 * Checks the parameters of a backchannel authentication request.
 *
 * @throws {OAuthError} `invalid_request`, `invalid_binding_message`
 * @see [OpenID Connect CIBA Core 1.0 §7.1](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.7.1)
 */
export function backchannelParameters(
  parameters: RequestParameters,
  client: Client,
  lifetime: number,
): BackchannelParameters {
  const refused = unsupported.find((name) => parameters.get(name) !== undefined)
  if (refused !== undefined) throw invalid(`the parameter ${refused} is not supported`)
  const message = parameters.get('binding_message')
  if (message !== undefined && !printable.test(message))
    throw new OAuthError(
      'invalid_binding_message',
      'binding_message must have 1 to 100 characters that are visible on one line',
    )
  const expiry = parameters.get('requested_expiry')
  if (expiry !== undefined && !/^[1-9]\d{0,8}$/.test(expiry))
    throw invalid('requested_expiry must be a positive number of seconds')
  return {
    bindingMessage: message,
    acrValues: parameters.get('acr_values')?.slice(0, 256).split(' '),
    lifetime: Math.min(Number(expiry ?? lifetime), lifetime),
    notificationToken:
      client.backchannel_token_delivery_mode === 'ping'
        ? notificationToken(parameters.get('client_notification_token'))
        : undefined,
  }
}

function notificationToken(token: string | undefined): string {
  if (token === undefined) throw invalid('the parameter client_notification_token is missing')
  // 128 bits in base64url. The client knows our ping by it, so a short one would let anybody ping.
  if (!/^[\w.~+/-]{22,1024}={0,2}$/.test(token))
    throw invalid('client_notification_token must be a bearer token of 22 to 1024 characters')
  return token
}
