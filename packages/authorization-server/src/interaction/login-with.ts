import { isLoopbackHostname, OAuthError } from '@gatewright/core'
import type { AuthorizationRequest, Interaction, Subject, Visit } from '@gatewright/core'
import { consentPage } from '../pages/consent-page.ts'
import type { ConsentPage } from '../pages/consent-page.ts'
import type { Html } from '../pages/html.ts'
import { loginPage } from '../pages/login-page.ts'
import type { LoginPage } from '../pages/login-page.ts'
import { pageResponse } from '../pages/page-response.ts'
import type { Password } from './password.ts'

/** Replaces pages. What a function returns is sent with the same protecting headers. */
export interface LoginOptions {
  readonly pages?: {
    readonly login?: (page: LoginPage) => Html
    readonly consent?: (page: ConsentPage) => Html
  }
}

/**
 * Login and consent with the built-in pages.
 *
 * @example
 * <!-- prelude
 * declare const users: { check(name: string, secret: string): Promise<{ id: string } | undefined> }
 * -->
 * ```ts
 * const interaction = loginWith(password(async (username, secret) => (await users.check(username, secret))?.id))
 * ```
 */
export function loginWith(method: Password, options: LoginOptions = {}): Interaction {
  const { login = loginPage, consent = consentPage } = options.pages ?? {}

  async function authenticate(request: AuthorizationRequest, visit: Visit): Promise<Subject | Response> {
    if (visit.session !== undefined) return visit.session
    const username = visit.form?.get('username') ?? request.loginHint ?? ''
    const secret = visit.form?.get('password') ?? ''
    const { productName } = request
    const page = {
      productName,
      clientName: nameOf(request),
      action: visit.action,
      csrf: visit.csrf,
      username,
    }
    if (visit.form === undefined) return pageResponse(login(page))
    // An account without a password must not open by an empty one.
    const subject = username === '' || secret === '' ? undefined : await method.check(username, secret)
    if (subject !== undefined) return { subject, authenticatedAt: visit.now, amr: ['pwd'] }
    const { client } = request
    visit.emit({
      type: 'login.failed',
      clientId: client.client_id,
      ip: visit.context.ip,
      reason: 'wrong_password',
    })
    return pageResponse(login({ ...page, error: 'The user name or the password is wrong.' }), 401)
  }

  return {
    authenticate,
    async consent(request, { subject }, visit) {
      const decision = visit.form?.get('decision')
      if (decision === 'deny') throw new OAuthError('access_denied', 'the user denied the request')
      if (decision === 'approve') {
        const ticked = new Set(visit.form?.getAll('scope'))
        return { scopes: request.scopes.map(({ name }) => name).filter((name) => ticked.has(name)) }
      }
      const { hostname, host, protocol } = new URL(request.redirectUri)
      // In com.evil.app://accounts.example.com the host is a text that the app chose: the scheme decides who answers.
      const toApp = protocol !== 'https:' && protocol !== 'http:'
      return pageResponse(
        consent({
          productName: request.productName,
          clientId: request.client.client_id,
          clientName: nameOf(request),
          verified: request.client.verified,
          redirectHost: toApp ? protocol : host,
          loopback: toApp || isLoopbackHostname(hostname),
          userName: visit.userName ?? subject,
          scopes: request.scopes,
          lifetime: request.lifetime,
          action: visit.action,
          csrf: visit.csrf,
        }),
      )
    },
  }
}

function nameOf({ client }: AuthorizationRequest): string {
  return client.client_name ?? client.client_id
}
