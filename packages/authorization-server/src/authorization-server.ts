import { createAuthenticationRequests } from './admin/authentication-requests.ts'
import type { AuthenticationRequests } from './admin/authentication-requests.ts'
import { createClientAdministration } from './admin/client-administration.ts'
import type { ClientAdministration } from './admin/client-administration.ts'
import { createGrantAdministration } from './admin/grant-administration.ts'
import type { GrantAdministration } from './admin/grant-administration.ts'
import { createKeyAdministration } from './admin/key-administration.ts'
import type { KeyAdministration } from './admin/key-administration.ts'
import { createUserAdministration } from './admin/user-administration.ts'
import type { UserAdministration } from './admin/user-administration.ts'
import { composeAuthorizationServer } from './compose-authorization-server.ts'
import type { ComposedAuthorizationServer } from './compose-authorization-server.ts'
import { withDefaultParts } from './default-parts.ts'
import type { AuthorizationServerOptions } from './default-parts.ts'

/** An authorization server with its administration. */
export interface AuthorizationServer extends ComposedAuthorizationServer {
  /** What users approved: list it, revoke it. */
  readonly grants: GrantAdministration
  /** What administrators do about signing keys: list, rotate, retire. */
  readonly keys: KeyAdministration
  /** What administrators do about clients: list, rotate a secret, disable, enable. */
  readonly clients: ClientAdministration
  /** Answers to requests of `ciba`, for an app of your own in place of the page. */
  readonly authenticationRequests: AuthenticationRequests
  /** What administrators do about users: end sessions, sign out, erase. */
  readonly users: UserAdministration
}

/**
 * Creates an authorization server with the usual parts: every option but the required ones has a default.
 *
 * A bundle has all of them, used or not; `composeAuthorizationServer` has only what it is given.
 *
 * @throws {TypeError} when an option is missing, malformed or contradicts another
 * @see [OAuth 2.1 draft-13 §1](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13)
 */
export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const server = composeAuthorizationServer(withDefaultParts(options))
  const grants = createGrantAdministration(server.context)
  return {
    ...server,
    grants,
    keys: createKeyAdministration(server.context),
    clients: createClientAdministration(server.context, grants),
    authenticationRequests: createAuthenticationRequests(server.context),
    users: createUserAdministration(server.context, grants),
  }
}
