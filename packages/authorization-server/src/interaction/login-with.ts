import { OAuthError } from '@gatewright/core'
import type { AuthorizationRequest, Interaction, Subject, Visit } from '@gatewright/core'
import type { Password } from './password.ts'

/**
 * Login and consent with the server's own pages.
 *
 * @example
 * <!-- prelude
 * declare const users: { check(name: string, secret: string): Promise<{ id: string } | undefined> }
 * -->
 * ```ts
 * const interaction = loginWith(password(async (username, secret) => (await users.check(username, secret))?.id))
 * ```
 */
export function loginWith(method: Password): Interaction {
  async function authenticate(request: AuthorizationRequest, visit: Visit): Promise<Subject | Response> {
    if (visit.session !== undefined) return visit.session
    if (visit.form === undefined) return visit.pages.login()
    const username = visit.form.get('username') ?? ''
    const secret = visit.form.get('password') ?? ''
    // An account without a password must not open by an empty one.
    const subject = username === '' || secret === '' ? undefined : await method.check(username, secret)
    if (subject !== undefined) return { subject, authenticatedAt: visit.now, amr: ['pwd'] }
    visit.emit({
      type: 'login.failed',
      clientId: request.client.client_id,
      ip: visit.context.ip,
      reason: 'wrong_password',
    })
    return visit.pages.login({ username, failure: 'wrong_password' })
  }

  return {
    authenticate,
    async consent(request, _subject, visit) {
      const decision = visit.form?.get('decision')
      if (decision === 'deny') throw new OAuthError('access_denied', 'the user denied the request')
      if (decision !== 'approve') return visit.pages.consent()
      const ticked = new Set(visit.form?.getAll('scope'))
      return { scopes: request.scopes.map(({ name }) => name).filter((name) => ticked.has(name)) }
    },
  }
}
