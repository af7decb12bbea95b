import { OAuthError } from '@gatewright/core'
import type { Subject } from '@gatewright/core'
import { findWaiting, settleWaiting } from '../backchannel/answer-backchannel.ts'
import { describeBackchannel } from '../backchannel/backchannel-request.ts'
import type { BackchannelRequest } from '../backchannel/backchannel-request.ts'
import { offerScopes } from '../interaction/offer-scopes.ts'
import { requireProvider } from '../interaction/require-provider.ts'
import { verifySubject } from '../interaction/verify-subject.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Answers requests of {@link ciba} from an app of your own, in place of the page. The id comes from `notifyUser`. These are
 * functions: to know who the user is, and to have asked, is the caller's job.
 */
export interface AuthenticationRequests {
  /** The request of an id while it waits; `undefined` once it was answered or has lapsed. */
  find(id: string): Promise<BackchannelRequest | undefined>
  /**
   * Approves a request as the user whom it is for: all scopes, or those named. `false` when it waits for nobody or for somebody
   * else.
   *
   * @throws {OAuthError} `access_denied` when the user is not active, may grant nothing of it or has to log in otherwise; the request goes on waiting
   * @throws {TypeError} when the scopes go beyond the request or lack `openid`
   */
  approve(id: string, login: Subject & { readonly scopes?: readonly string[] }): Promise<boolean>
  /** Denies a request as the user whom it is for. `false` when it waits for nobody or for somebody else. */
  deny(id: string, by: { readonly subject: string }): Promise<boolean>
}

/** The answers to one server's requests. */
export function createAuthenticationRequests(context: () => Promise<ServerContext>): AuthenticationRequests {
  return {
    async find(id) {
      const server = await context()
      const waiting = await findWaiting(id, server.now(), server)
      return waiting === undefined ? undefined : describeBackchannel(waiting.open, waiting.client, server)
    },
    async approve(id, { scopes, ...given }) {
      const server = await context()
      const now = server.now()
      const login = verifySubject(given, now)
      const waiting = await findWaiting(id, now, server)
      if (waiting?.found.value.answerer?.subject !== login.subject) return false
      requireProvider(waiting.client.providers, login)
      const { offered } = await offerScopes(waiting.open.request.scopes, login.subject, server)
      const approved = offered.filter((name) => scopes?.includes(name) ?? true)
      const beyond = scopes?.find((name) => !offered.includes(name))
      if (beyond !== undefined) throw new TypeError(`approve: "${beyond}" is not offered by this request`)
      if (scopes !== undefined && !approved.includes('openid'))
        throw new TypeError('approve: scopes must contain openid; to refuse the request, deny it')
      if (!approved.includes('openid'))
        throw new OAuthError('access_denied', 'the user may not grant what the request depends on')
      return settleWaiting(waiting, { login, scopes: approved }, now, server)
    },
    async deny(id, { subject }) {
      const server = await context()
      const now = server.now()
      const waiting = await findWaiting(id, now, server)
      if (waiting?.found.value.answerer?.subject !== subject) return false
      return settleWaiting(waiting, undefined, now, server)
    },
  }
}
