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

/**
 * Whether a client may have a token for a user whom somebody else vouches for.
 *
 * Where it is not known how the user logged in, a client with a list gets nothing: the list would be worth nothing.
 *
 * @param provider the id of the provider, `password` for a login here
 */
export function isVouchedFor(
  providers: readonly string[] | undefined,
  provider: string | undefined,
): boolean {
  return providers === undefined || (provider !== undefined && providers.includes(provider))
}

/** Refuses a login that the client's users must not have made. @throws {OAuthError} `access_denied` */
export function requireProvider(
  providers: readonly string[] | undefined,
  login: Pick<Subject, 'provider'> | undefined,
): void {
  if (!isAdmitted(providers, login))
    throw new OAuthError('access_denied', 'users of this client have to log in in another way')
}
