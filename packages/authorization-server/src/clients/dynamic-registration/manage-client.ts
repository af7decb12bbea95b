import { constantTimeEqual, OAuthError, sha256Base64url } from '@gatewright/core'
import type { ServerContext } from '../../server-context.ts'
import { acceptedMethods } from '../client-metadata.ts'
import { noteEndedClient } from './ended-client.ts'
import { activeSecrets, readOverride } from '../client-override.ts'
import type { ClientOverride } from '../client-override.ts'
import { readClient, toStored } from './client-record.ts'
import type { ClientRecord, StoredClient } from './client-record.ts'
import type { ResolvedRegistrationOptions } from './dynamic-registration.ts'
import { bearerToken, checkBearerToken } from './read-registration.ts'
import { parseRegistration, readStated } from './register-client.ts'
import { registrationResponse } from './registration-response.ts'

const refused = (message: string) => new OAuthError('invalid_client_metadata', message)
// RFC 7592 §2.2: the server says these, and a client must not send them back.
const ofTheServer = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** Lets clients manage their registrations. */
export interface RegistrationManagement {
  /** Answers GET, PUT and DELETE at the registration endpoint. */
  manage(
    request: Request,
    options: ResolvedRegistrationOptions,
    server: ServerContext,
    ip: string | undefined,
  ): Promise<Response>
}

/**
 * Registrations that their clients can read, change and delete, by a token that each gets. Pass it to `dynamicRegistration`.
 *
 * @see [RFC 7592 §2 - Client Configuration Endpoint](https://www.rfc-editor.org/rfc/rfc7592.html#section-2)
 */
export function registrationManagement(): RegistrationManagement {
  return { manage: manageClient }
}

/**
 * Reads, changes or deletes the registration of the client that presents its registration access token.
 *
 * An unknown client and a wrong token get the same answer.
 */
async function manageClient(
  request: Request,
  options: ResolvedRegistrationOptions,
  server: ServerContext,
  ip: string | undefined,
): Promise<Response> {
  const clientId = new URL(request.url).searchParams.get('client_id') ?? ''
  const managementToken = bearerToken(request)
  const override = (await readOverride(clientId, server))?.value
  // A client that an administrator shut out is as good as unknown here, too.
  const stored = override?.disabled === true ? undefined : await readClient(clientId, server)
  // Without a record there is no hash that fits, and the work is the same.
  const hash = stored?.value.managementHash
  await checkBearerToken(
    managementToken,
    hash === undefined ? [] : [hash],
    'the registration access token is not valid',
  )
  if (stored === undefined) throw new Error('a token fits a client that is not there')
  if (request.method === 'DELETE') return deleteClient(clientId, stored, server, ip)
  if (request.method === 'PUT') return updateClient(request, clientId, stored, override, options, server, ip)
  return registrationResponse(clientId, stored.value, { secret: undefined, managementToken }, 200, server)
}

async function deleteClient(
  clientId: string,
  { key }: StoredClient,
  server: ServerContext,
  ip: string | undefined,
): Promise<Response> {
  const now = server.now()
  await server.storage.commit([{ type: 'delete', key }, ...noteEndedClient(clientId, now, server)], now)
  server.emit({ type: 'client.deleted', clientId, ip })
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}

async function updateClient(
  request: Request,
  clientId: string,
  stored: StoredClient,
  override: ClientOverride | undefined,
  options: ResolvedRegistrationOptions,
  server: ServerContext,
  ip: string | undefined,
): Promise<Response> {
  const stated = await readStated(request, options, server)
  const metadata = parseRegistration(stated, options, server)
  const sent = stated.body
  const secretHashes = stored.value.secretHash === undefined ? [] : [stored.value.secretHash]
  const active = activeSecrets({ secretHashes }, override, server.now()).map(({ hash }) => hash)
  await checkUpdate(sent as Readonly<Record<string, unknown>>, clientId, active, server)
  const hasSecret = metadata.token_endpoint_auth_method.startsWith('client_secret_')
  const secret = hasSecret && stored.value.secretHash === undefined ? server.secret() : undefined
  const { secretHash: before, ...rest } = stored.value
  const secretHash = secret === undefined ? before : await sha256Base64url(secret)
  const record: ClientRecord = {
    ...rest,
    metadata,
    authenticationMethods: acceptedMethods(sent, metadata),
    ...(hasSecret && secretHash !== undefined ? { secretHash } : {}),
  }
  const { key, revision, expiresAt } = stored
  const replace = { type: 'replace', key, revision, value: toStored(record), expiresAt } as const
  if (!(await server.storage.commit([replace], server.now())))
    throw new OAuthError('temporarily_unavailable', 'the registration was changed at the same moment')
  server.emit({ type: 'client.metadata_changed', clientId, ip, registered: metadata.redirect_uris })
  return registrationResponse(
    clientId,
    record,
    { secret, managementToken: bearerToken(request) },
    200,
    server,
  )
}

async function checkUpdate(
  sent: Readonly<Record<string, unknown>>,
  clientId: string,
  secretHashes: readonly string[],
  server: ServerContext,
): Promise<void> {
  if (sent['client_id'] !== clientId) throw refused('client_id must be the one of this client')
  const surplus = ofTheServer.find((name) => sent[name] !== undefined)
  if (surplus !== undefined) throw refused(`${surplus} must not be sent`)
  const { client_secret: secret, grant_types: grantTypes, scope } = sent
  const presented = typeof secret === 'string' ? await sha256Base64url(secret) : undefined
  if (secret !== undefined && !secretHashes.some((hash) => constantTimeEqual(presented ?? '', hash)))
    throw refused('client_secret must be the one of this client')
  // At registration, clients ask for more than they need and get less. Whoever changes one knows what it has.
  if (
    Array.isArray(grantTypes) &&
    grantTypes.some((name) => !['authorization_code', 'refresh_token'].includes(String(name)))
  )
    throw refused('grant_types has one that this client may not use')
  const unknown =
    typeof scope === 'string' ? scope.split(' ').find((name) => !server.scopes.has(name)) : undefined
  if (unknown !== undefined) throw refused('scope names one that this server does not have')
}
