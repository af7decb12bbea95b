import { checkOriginUrl, defaultRuntime, jsonResponse, OAuthError, readBody } from '@gatewright/core'
import type { RequestHandler, Runtime } from '@gatewright/core'
import type { ReplayStore } from '@gatewright/storage'
import type { Provider } from './provider.ts'
import type { UpstreamLogout } from './verify-logout-token.ts'

/** Options of `backchannelLogout`. */
export interface BackchannelLogoutOptions {
  readonly provider: Pick<Provider, 'verifyLogoutToken'>
  /** Where the provider reports logouts to: what you register there as `backchannel_logout_uri`. */
  readonly url: string
  /** Remembers tokens that were used: `createReplayStore` of `@gatewright/storage`, on a storage that all processes share. */
  readonly replays: ReplayStore
  /** Ends the sessions here. What it throws, the handler throws: the adapter answers 500, and the token is used up. */
  readonly onLogout: (logout: UpstreamLogout) => Promise<void>
  readonly runtime?: Pick<Runtime, 'now'>
}

const maximumBytes = 32 * 1024

/**
 * Makes the handler that a provider tells of its logouts. A token that is not in order, or was here before, gets 400 and ends
 * nothing.
 *
 * @throws {TypeError} when the URL is malformed
 * @example
 * <!-- prelude
 * import { createReplayStore } from '@gatewright/storage'
 * declare const storage: import('@gatewright/storage').Storage
 * declare const provider: Provider
 * declare const auth: import('@gatewright/authorization-server').AuthorizationServer
 * declare const users: { findByKey(key: string): Promise<string | undefined> }
 * -->
 * ```ts
 * const logouts = backchannelLogout({
 *   provider,
 *   url: 'https://auth.example.com/logout/sso',
 *   replays: createReplayStore(storage),
 *   async onLogout({ provider, issuer, subject }) {
 *     if (subject === undefined) return
 *     const user = await users.findByKey(await identityKey({ provider, issuer, subject }))
 *     if (user !== undefined) await auth.users.signOut(user, { grants: true })
 *   },
 * })
 * ```
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.5 - Back-Channel Logout Request](https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest)
 */
export function backchannelLogout(options: BackchannelLogoutOptions): RequestHandler {
  const { provider, replays, onLogout, runtime = defaultRuntime } = options
  const url = checkOriginUrl(options.url, 'url')

  async function end(request: Request): Promise<Response> {
    const logout = await provider.verifyLogoutToken(await logoutToken(request))
    const namespace = `backchannel-logout:${logout.provider}`
    // Used up before anything ends: of two that arrive together, one ends the sessions.
    if (!(await replays.once(namespace, logout.jti, logout.expiresAt, runtime.now())))
      throw new OAuthError('invalid_request', 'the logout token was used before')
    await onLogout(logout)
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
  }

  return {
    origin: url.origin,
    async handle(request) {
      if (new URL(request.url).pathname !== url.pathname) return undefined
      if (request.method !== 'POST') return jsonResponse({}, 405, { allow: 'POST' })
      try {
        return await end(request)
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error
        return jsonResponse(error.toJSON(), error.status, error.headers)
      }
    },
  }
}

async function logoutToken(request: Request): Promise<string> {
  const type = request.headers.get('content-type') ?? ''
  const body = await readBody(request, maximumBytes)
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)
  const [token, another] = new URLSearchParams(isForm ? body : '').getAll('logout_token')
  if (token === undefined || another !== undefined)
    throw new OAuthError('invalid_request', 'there must be one logout_token, in a form')
  return token
}
