import { checkDuration } from '../check-duration.ts'
import type { GrantType } from '../grants/grant-type.ts'
import { polledReads, pollForTokens } from '../polling/poll-for-tokens.ts'
import { deviceAuthorization } from './device-authorization.ts'
import { deviceGrantType } from './device-grant-type.ts'
import { deviceKind } from './device-kind.ts'
import { devicePage } from './device-page-endpoint.ts'

/** How devices are connected. */
export interface DeviceCodeOptions {
  /** Seconds that the user has to enter the code and approve, at most 1800. @default 600 */
  readonly lifetime?: number
  /** Seconds that a device must wait between two token requests, at most 60. @default 5 */
  readonly interval?: number
}

/**
 * Connects devices that have no browser or keyboard, such as a television or a command line on a server: the device shows
 * a short code, and its user enters the code on this server's page in a browser elsewhere.
 *
 * It brings the device authorization endpoint and the page with it.
 *
 * @throws {TypeError} when a duration is out of its range
 * @see [RFC 8628 §3 - Protocol](https://www.rfc-editor.org/rfc/rfc8628.html#section-3)
 */
export function deviceCode(options: DeviceCodeOptions = {}): GrantType {
  const { lifetime = 600, interval = 5 } = options
  checkDuration('deviceCode: lifetime', lifetime, 1, 1800)
  checkDuration('deviceCode: interval', interval, 1, 60)
  return {
    name: deviceGrantType,
    parameters: ['device_code', 'resource'],
    endpoints: [deviceAuthorization({ lifetime, interval }), devicePage()],
    reads: (parameters, server) => polledReads(deviceKind, parameters, server),
    handle: (request, server) => pollForTokens(deviceKind, interval, request, server),
  }
}
