import { OAuthError } from '@gatewright/core'
import type { User } from '../server-settings.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Those of the scopes asked for that a user may grant now.
 *
 * @throws {OAuthError} `access_denied` when the user is not active, or may grant none of them
 */
export async function offerScopes(
  asked: readonly string[],
  subject: string,
  server: ServerContext,
): Promise<{ readonly user: User; readonly offered: readonly string[] }> {
  const user = await server.options.findUser(subject)
  if (user === undefined) throw new OAuthError('access_denied', 'the user account is not active')
  const offered = asked.filter(
    (name) => server.scopes.isIdentity(name) || server.scopes.within(name, user.scopes),
  )
  if (offered.length === 0)
    throw new OAuthError('access_denied', 'the user may not grant any of the requested scopes')
  return { user, offered }
}
