import { sha256Base64url } from '@gatewright/core'
import type { ResolvedOptions } from '../options.ts'
import { pickBackchannelMetadata } from './backchannel-metadata.ts'
import { checkClientAtServer } from './check-client-at-server.ts'
import { checkClient, grantTypes, list, methodsOf } from './check-client.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientSource } from './client-source.ts'
import type { Client } from './client.ts'
import { pickResponseAlgorithms } from './response-algorithms.ts'
import { pickTlsSubject } from './tls-subject.ts'
import { isNativeRegistration } from './native-registration.ts'

/** The clients of a list that can be loaded anew. */
export interface RegisteredClients extends ClientSource {
  /**
   * Puts another list in the place of this one, at once and as a whole. A client that is missing from it can get no token any more;
   * access tokens that it has live until they expire.
   *
   * @throws {TypeError} for a client that could never work or would not be safe; the list stays as it was
   */
  replace(...clients: readonly ClientOptions[]): void
}

/**
 * Clients that the operator registers in configuration.
 *
 * A server that the list is passed to compares each client with itself, and refuses one that names a scope, a resource, a
 * grant type, a provider or a way to authenticate that it does not have.
 *
 * @throws {TypeError} for a client that could never work or would not be safe; the message says what to mend
 * @example
 * ```ts
 * const clients = registered({ client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*\/callback'] })
 * ```
 */
export function registered(...clients: readonly ClientOptions[]): RegisteredClients {
  let current = clients
  let known = load(clients)
  // Each server that the list is passed to, so that a new list is compared with all of them.
  const servers: ResolvedOptions[] = []
  return {
    name: 'registered',
    find: async (clientId) => known.get(clientId),
    list: async () => [...known.keys()],
    check(server) {
      for (const client of current) checkClientAtServer(client, server)
      servers.push(server)
    },
    replace(...next) {
      const loaded = load(next)
      for (const server of servers) for (const client of next) checkClientAtServer(client, server)
      current = next
      known = loaded
    },
  }
}

function load(clients: readonly ClientOptions[]): ReadonlyMap<string, Promise<Client>> {
  const known = new Map<string, Promise<Client>>()
  for (const options of clients) {
    if (known.has(options.client_id)) throw new TypeError(`client "${options.client_id}" is registered twice`)
    checkClient(options)
    known.set(options.client_id, toClient(options))
  }
  return known
}

async function toClient(options: ClientOptions): Promise<Client> {
  const authenticationMethods = methodsOf(options)
  const isPublic = authenticationMethods[0] === 'none'
  return {
    client_id: options.client_id,
    client_name: options.client_name,
    client_uri: options.client_uri,
    redirect_uris: options.redirect_uris ?? [],
    post_logout_redirect_uris: options.post_logout_redirect_uris,
    backchannel_logout_uri: options.backchannel_logout_uri,
    grant_types: grantTypes(options),
    application_type:
      options.application_type ??
      (isPublic && isNativeRegistration(options.redirect_uris ?? []) ? 'native' : 'web'),
    authenticationMethods,
    dpop_bound_access_tokens: options.dpop_bound_access_tokens,
    tls_client_certificate_bound_access_tokens: options.tls_client_certificate_bound_access_tokens,
    secretHashes: [
      ...list(options.client_secret_hash),
      ...(await Promise.all(list(options.client_secret).map((secret) => sha256Base64url(secret)))),
    ],
    verified: true,
    scopes: options.scopes,
    resources: options.resources,
    defaultResource: options.defaultResource,
    serves: options.serves,
    exchangeFor: options.exchangeFor,
    require_pushed_authorization_requests: options.require_pushed_authorization_requests,
    require_signed_request_object: options.require_signed_request_object,
    request_object_signing_alg: options.request_object_signing_alg,
    ...pickResponseAlgorithms(options),
    ...pickBackchannelMetadata(options),
    authorization_details_types: options.authorization_details_types,
    pkce: options.pkce ?? 'required',
    consent: options.consent ?? 'always',
    accessTokenLifetime: options.accessTokenLifetime,
    refreshTokenIdleLifetime: options.refreshTokenIdleLifetime,
    refreshTokenLifetime: options.refreshTokenLifetime,
    providers: options.providers,
    kind: options.kind,
    tags: options.tags,
    allowedSchemes: options.allowedSchemes,
    ...pickTlsSubject(options),
    jwks: options.jwks,
    jwks_uri: options.jwks_uri,
    assertionAudience: options.assertionAudience,
  }
}
