import { OAuthError } from '@gatewright/core'
import type { Subject } from '@gatewright/core'

/** What stands for a login here among the ids of providers. */
export const passwordProvider = 'password'

/** Whether a login is one of those that a client's users must have made; without a list, every one is. */
export function isAdmitted(
  providers: readonly string[] | undefined,
  login: Pick<Subject, 'provider'> | undefined,
): boolean {
  if (providers === undefined || login === undefined) return true
  return providers.includes(login.provider ?? passwordProvider)
}

/** Refuses a login that the client's users must not have made. @throws {OAuthError} `access_denied` */
export function requireProvider(
  providers: readonly string[] | undefined,
  login: Pick<Subject, 'provider'> | undefined,
): void {
  if (!isAdmitted(providers, login))
    throw new OAuthError('access_denied', 'users of this client have to log in in another way')
}
