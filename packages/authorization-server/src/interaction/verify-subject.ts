import { OAuthError } from '@gatewright/core'
import type { Login } from '@gatewright/core'
import { clientSubjectPrefix } from '../grants/client-credentials.ts'

/**
 * Checks what a login step returned, whatever its type says.
 *
 * A login in the future counts as one of now: it would otherwise never be too old for a request.
 *
 * @throws {OAuthError} `server_error` when it is no subject
 */
export function verifySubject(returned: Login | undefined, now: number): Login {
  if (
    typeof returned?.subject !== 'string' ||
    returned.subject === '' ||
    !Number.isFinite(returned.authenticatedAt)
  )
    throw new OAuthError('server_error', 'the login step returned no subject')
  const { subject, authenticatedAt, amr, acr, provider, logoutUrl } = returned
  // RFC 9700 §4.15: a client that acts for itself must not be taken for a user.
  if (subject.startsWith(clientSubjectPrefix))
    throw new OAuthError(
      'server_error',
      `the login step returned a subject that begins with ${clientSubjectPrefix}`,
    )
  if (amr !== undefined && !(Array.isArray(amr) && amr.every((method) => typeof method === 'string')))
    throw new OAuthError('server_error', 'the login step returned an amr that is no list of methods')
  if (provider !== undefined && typeof provider !== 'string')
    throw new OAuthError('server_error', 'the login step returned a provider that is no id')
  if (acr !== undefined && typeof acr !== 'string')
    throw new OAuthError('server_error', 'the login step returned an acr that is no text')
  if (logoutUrl !== undefined && !(URL.canParse(logoutUrl) && /^https?:/.test(logoutUrl)))
    throw new OAuthError('server_error', 'the login step returned a logoutUrl that is no http(s) URL')
  return {
    subject,
    authenticatedAt: Math.min(authenticatedAt, now),
    ...(amr === undefined ? {} : { amr }),
    ...(provider === undefined ? {} : { provider }),
    ...(acr === undefined ? {} : { acr }),
    ...(logoutUrl === undefined ? {} : { logoutUrl }),
  }
}
