import { checkDuration } from '../check-duration.ts'
import type { Client } from '../clients/client.ts'
import type { GrantType } from '../grants/grant-type.ts'
import { polledReads, pollForTokens } from '../polling/poll-for-tokens.ts'
import { backchannelAuthentication } from './backchannel-authentication.ts'
import type { BackchannelRequest } from './backchannel-request.ts'
import { cibaGrantType } from './ciba-grant-type.ts'
import { cibaKind } from './ciba-kind.ts'

/** How clients ask for a user who is somewhere else. */
export interface CibaOptions {
  /** The subject of the user that a `login_hint` means for a client, such as an account number; `undefined` when there is none. */
  readonly resolveLoginHint: (hint: string, client: Client) => Promise<string | undefined>
  /**
   * The same for a `login_hint_token`, whose form is between you and the client. Throw `OAuthError` `expired_login_hint_token`
   * for one that has expired.
   *
   * @default a `login_hint_token` is refused
   */
  readonly resolveLoginHintToken?: (token: string, client: Client) => Promise<string | undefined>
  /**
   * Asks the user: send the link of the request to a device of theirs, or show it in your own app and answer by
   * `server.authenticationRequests`. The client waits meanwhile. When it throws, the request ends and the client is told.
   */
  readonly notifyUser: (request: BackchannelRequest) => Promise<void>
  /** Seconds that the user has to answer, at most 1800. A client may ask for less. @default 300 */
  readonly lifetime?: number
  /** Seconds that a client must wait between two token requests, at most 60. @default 5 */
  readonly interval?: number
}

/**
 * Lets a client that knows its user ask for the user's approval without a browser of its own: a call center, a point of sale, an
 * agent that runs on a server. The user is asked on a device of theirs, and the client polls until the answer is there.
 *
 * It brings its endpoint with it. Only clients that the operator registered and that prove who they are can use it; tokens are
 * polled for, also after a ping, and never pushed.
 *
 * @throws {TypeError} when a function is missing or a duration is out of its range
 * @see [OpenID Connect CIBA Core 1.0 §7](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.7)
 */
export function ciba(options: CibaOptions): GrantType {
  const { lifetime = 300, interval = 5 } = options
  for (const name of ['resolveLoginHint', 'notifyUser'] as const)
    if (typeof options[name] !== 'function') throw new TypeError(`ciba: ${name} is missing`)
  checkDuration('ciba: lifetime', lifetime, 1, 1800)
  checkDuration('ciba: interval', interval, 1, 60)
  return {
    name: cibaGrantType,
    parameters: ['auth_req_id', 'resource'],
    endpoints: [backchannelAuthentication({ ...options, lifetime, interval })],
    reads: (parameters, server) => polledReads(cibaKind, parameters, server),
    handle: (request, server) => pollForTokens(cibaKind, interval, request, server),
  }
}
