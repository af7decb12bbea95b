import { cibaGrantType } from '../backchannel/ciba-grant-type.ts'
import { backChannelProblem } from './logout-metadata.ts'

/**
 * How a client hears that its user has answered. Only the operator can register it.
 *
 * @see [OpenID Connect CIBA Core 1.0 §4](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.4)
 */
export interface BackchannelMetadata {
  /** `poll`: it asks. `ping`: it is told when to ask. @default 'poll' */
  readonly backchannel_token_delivery_mode?: 'poll' | 'ping' | undefined
  /** Where it is pinged. */
  readonly backchannel_client_notification_endpoint?: string | undefined
}

/** The members of a client that say it. */
export function pickBackchannelMetadata({
  backchannel_token_delivery_mode: mode,
  backchannel_client_notification_endpoint: endpoint,
}: BackchannelMetadata): BackchannelMetadata {
  return {
    ...(mode === undefined ? {} : { backchannel_token_delivery_mode: mode }),
    ...(endpoint === undefined ? {} : { backchannel_client_notification_endpoint: endpoint }),
  }
}

/** What is wrong with a client that asks for users in the background, or nothing. */
export function backchannelProblem(
  client: BackchannelMetadata,
  grantTypes: readonly string[],
  isPublic: boolean,
): string | undefined {
  const mode: string | undefined = client.backchannel_token_delivery_mode
  const endpoint = client.backchannel_client_notification_endpoint
  const asks = grantTypes.includes(cibaGrantType)
  if (asks && isPublic) return `${cibaGrantType} needs a client_secret or keys`
  if (!asks && (mode ?? endpoint) !== undefined)
    return `backchannel_token_delivery_mode and backchannel_client_notification_endpoint need the grant type ${cibaGrantType}`
  if (mode !== undefined && mode !== 'poll' && mode !== 'ping')
    return `backchannel_token_delivery_mode must be poll or ping, got "${mode}"`
  if ((mode === 'ping') !== (endpoint !== undefined))
    return "backchannel_token_delivery_mode: 'ping' and backchannel_client_notification_endpoint belong together"
  const problem = endpoint === undefined ? undefined : backChannelProblem(endpoint, 'operator')
  return problem === undefined
    ? undefined
    : `backchannel_client_notification_endpoint "${endpoint}": ${problem}`
}
