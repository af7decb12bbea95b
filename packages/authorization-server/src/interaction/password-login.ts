import type { AuthorizationRequest, Subject, Visit } from '@gatewright/core'
import type { Password } from './password.ts'

/** The user whose name and password were submitted, or `undefined` when they are wrong. */
export async function checkPassword(
  method: Password,
  { client }: AuthorizationRequest,
  { form, context, emit, now }: Visit,
): Promise<Subject | undefined> {
  const username = form?.get('username') ?? ''
  const secret = form?.get('password') ?? ''
  // An account without a password, such as one made at a provider, must not open by an empty one.
  const subject = username === '' || secret === '' ? undefined : await method.check(username, secret)
  if (subject !== undefined) return { subject, authenticatedAt: now, amr: ['pwd'] }
  emit({ type: 'login.failed', clientId: client.client_id, ip: context.ip, reason: 'wrong_password' })
  return undefined
}
