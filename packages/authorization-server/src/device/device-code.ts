import { constantTimeEqual, OAuthError, sha256Base64url } from '@gatewright/core'
import { checkDuration } from '../check-duration.ts'
import { commitRounds } from '../grants/commit-rounds.ts'
import type { GrantType, TokenRequest, TokenResponse } from '../grants/grant-type.ts'
import { redeemCode } from '../grants/redeem-code.ts'
import type { ServerContext } from '../server-context.ts'
import { deviceAuthorization } from './device-authorization.ts'
import { deviceGrantType } from './device-grant-type.ts'
import { findDeviceRequest } from './device-requests.ts'
import { devicePage } from './device-page-endpoint.ts'

/** How devices are connected. */
export interface DeviceCodeOptions {
  /** Seconds that the user has to enter the code and approve, at most 1800. @default 600 */
  readonly lifetime?: number
  /** Seconds that a device must wait between two token requests, at most 60. @default 5 */
  readonly interval?: number
}

const invalid = () => new OAuthError('invalid_grant', 'the device code is not valid')

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
    async handle(request, server) {
      const code = request.parameters.get('device_code')
      if (code === undefined) throw new OAuthError('invalid_request', 'the parameter device_code is missing')
      const deviceId = await sha256Base64url(code)
      return commitRounds(() => poll(deviceId, interval, request, server))
    },
  }
}

async function poll(
  deviceId: string,
  interval: number,
  request: TokenRequest,
  server: ServerContext,
): Promise<TokenResponse | undefined> {
  const now = server.now()
  const found = await findDeviceRequest(deviceId, now, server)
  if (found === undefined || found.value.clientId !== request.client.client_id) throw invalid()
  const { state, grantId, expiresAt } = found.value
  if (expiresAt <= now) throw new OAuthError('expired_token', 'the device code has expired')
  if (state === 'denied') throw new OAuthError('access_denied', 'the user denied the request')
  if (state === 'pending' || grantId === undefined) {
    const pace = { window: interval, limit: 1, now }
    const { allowed } = await server.counter.hit(`device:${deviceId}`, pace)
    if (!allowed) throw new OAuthError('slow_down', `wait ${interval} seconds between two requests`)
    throw new OAuthError('authorization_pending', 'the user has not answered yet')
  }
  const stored = await server.grants.read(grantId, now)
  const code = stored?.value.code
  if (stored === undefined || code === undefined || !constantTimeEqual(code.hash, deviceId)) throw invalid()
  return redeemCode({ grantType: deviceGrantType, grantId, stored, code }, request, now, server)
}
