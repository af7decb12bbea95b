import type { Client } from '../clients/client.ts'
import type { User } from '../server-settings.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Of the approved scopes, those that may still be issued for a resource.
 *
 * What a user or a client may do can have been taken away since the approval, and a resource gets no scope that means
 * nothing there.
 *
 * @see [RFC 8707 §2.2 - Access Token Request](https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2)
 */
export function issuableScopes(
  approved: readonly string[],
  { client, user, resource }: { client: Client; user: User; resource: string | undefined },
  { scopes, options }: ServerContext,
): readonly string[] {
  const own = options.resources.find((known) => known.resource === resource)?.scopes
  return approved.filter(
    (name) =>
      scopes.has(name) &&
      scopes.within(name, client.scopes) &&
      (scopes.isIdentity(name) || (scopes.within(name, user.scopes) && scopes.within(name, own))),
  )
}
