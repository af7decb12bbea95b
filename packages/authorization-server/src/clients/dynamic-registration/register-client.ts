import { encodeBase64url, OAuthError, sha256Base64url } from '@gatewright/core'
import type { ServerContext } from '../../server-context.ts'
import { acceptedMethods, parseClientMetadata } from '../client-metadata.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { selfRegistrationRules } from '../self-registration.ts'
import { clientKey, readClient, toStored } from './client-record.ts'
import type { ClientRecord } from './client-record.ts'
import type { ResolvedRegistrationOptions } from './dynamic-registration.ts'
import { readRegistration } from './read-registration.ts'
import type { StatedRegistration } from './software-statement.ts'
import { registrationResponse } from './registration-response.ts'

const day = 86_400

/**
 * Registers a client.
 *
 * A public client that describes itself in the same words as another is that client: it gets the same id, so that a program
 * that registers at each start leaves one record. Its id is no secret, and nothing else distinguishes the two.
 *
 * @see [RFC 7591 §3.1 - Client Registration Request](https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1)
 */
export async function registerClient(
  request: Request,
  options: ResolvedRegistrationOptions,
  server: ServerContext,
  ip: string | undefined,
): Promise<Response> {
  const now = server.now()
  const stated = await readStated(request, options, server)
  const metadata = parseRegistration(stated, options, server)
  const isPublic = metadata.token_endpoint_auth_method === 'none'
  const shared = isPublic && !options.management
  const clientId = shared
    ? (await sha256Base64url(JSON.stringify(metadata))).slice(0, 22)
    : encodeBase64url(server.runtime.randomBytes(16))
  const known = shared ? await readClient(clientId, server) : undefined
  if (known !== undefined && (await keepLonger()))
    return registrationResponse(
      clientId,
      known.value,
      { secret: undefined, managementToken: undefined },
      201,
      server,
    )

  await limitRegistrations(options, server)
  const secret = metadata.token_endpoint_auth_method.startsWith('client_secret_')
    ? server.secret()
    : undefined
  const managementToken = options.management ? server.secret() : undefined
  const record: ClientRecord = {
    schema: 1,
    metadata,
    authenticationMethods: acceptedMethods(stated.body, metadata),
    issuedAt: Math.floor(now / 1000),
    ...(secret === undefined ? {} : { secretHash: await sha256Base64url(secret) }),
    ...(managementToken === undefined ? {} : { managementHash: await sha256Base64url(managementToken) }),
  }
  const expiresAt = now + options.unconfirmedLifetime * 1000
  const insert = {
    type: 'insert',
    key: clientKey(clientId, server),
    value: toStored(record),
    expiresAt,
  } as const
  // Of two that register the same at one moment, one loses the insert, and is the other.
  if (!(await server.storage.commit([insert], now)) && !shared)
    throw new Error('a new client id is already taken: the random source repeats itself')
  server.emit({ type: 'client.registered', clientId, ip, registered: metadata.redirect_uris })
  return registrationResponse(clientId, record, { secret, managementToken }, 201, server)

  async function keepLonger(): Promise<boolean> {
    const promised = now + options.unconfirmedLifetime * 1000
    if (known === undefined || (known.expiresAt ?? promised) >= promised) return true
    const { key, revision, value } = known
    // An eighth more than promised, so that not every start of the program moves the end.
    const until = promised + options.unconfirmedLifetime * 125
    const replace = { type: 'replace', key, revision, value: toStored(value), expiresAt: until } as const
    return server.storage.commit([replace], now)
  }
}

/** The body of a registration, with what an accepted software statement says. */
export async function readStated(
  request: Request,
  { statements }: ResolvedRegistrationOptions,
  server: ServerContext,
): Promise<StatedRegistration> {
  const body = await readRegistration(request)
  return statements === undefined ? { body } : statements.apply(body, server)
}

/** The metadata of a registration, after every check. */
export function parseRegistration(
  { body, statement }: StatedRegistration,
  { allowedSchemes, isListed, needsStatement }: ResolvedRegistrationOptions,
  server: ServerContext,
): ClientMetadata {
  if (needsStatement && statement === undefined)
    throw new OAuthError('invalid_software_statement', 'registration needs a software statement')
  // RFC 7591 §2: the default of token_endpoint_auth_method.
  const defaultMethod = 'client_secret_basic'
  const rules = selfRegistrationRules(server, { allowedSchemes, defaultMethod })
  const metadata = parseClientMetadata(body, { ...rules, softwareStatement: statement })
  const stranger = metadata.redirect_uris.findIndex((uri) => !isListed(uri))
  if (stranger >= 0)
    throw new OAuthError(
      'invalid_redirect_uri',
      `redirect_uris[${stranger}] is not on the list of this server`,
    )
  return metadata
}

/** Bounds what can pile up, whoever many addresses it comes from. */
async function limitRegistrations(
  { perDay }: ResolvedRegistrationOptions,
  server: ServerContext,
): Promise<void> {
  const now = server.now()
  const { allowed, resetAt } = await server.counter.hit('registrations', { window: day, limit: perDay, now })
  if (allowed) return
  throw new OAuthError('too_many_requests', 'no more registrations are taken today', {
    status: 429,
    headers: { 'retry-after': `${Math.max(1, Math.ceil((resetAt - now) / 1000))}` },
  })
}
