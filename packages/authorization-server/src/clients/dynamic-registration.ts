import {
  constantTimeEqual,
  encodeBase64url,
  jsonResponse,
  OAuthError,
  readBody,
  sha256Base64url,
} from '@gatewright/core'
import type { Json, Key, Stored } from '@gatewright/storage'
import { checkDuration } from '../check-duration.ts'
import type { ServerContext } from '../server-context.ts'
import { acceptedMethods, parseClientMetadata } from './client-metadata.ts'
import type { ClientMetadata } from './client-metadata.ts'
import type { Client } from './client.ts'
import type { ClientSource } from './client-source.ts'
import { selfRegisteredClient, selfRegistrationRules } from './self-registration.ts'

/** Who may register, and for how long. */
export interface DynamicRegistrationOptions {
  /** `open`: anybody. `token`: who presents one of `initialAccessTokens`. */
  readonly mode: 'open' | 'token'
  /** Bearer tokens that allow registration in `token` mode. */
  readonly initialAccessTokens?: readonly string[]
  /** Seconds that a client is kept until a user first approves it. @default 86400 */
  readonly unconfirmedLifetime?: number
  /** Seconds that a client is kept after its last use. @default 7776000 (90 days) */
  readonly unusedLifetime?: number
  /** Private-use schemes without a dot that redirect URIs may use, for example `cursor`. @default [] */
  readonly allowedSchemes?: readonly string[]
}

interface ClientRecord {
  readonly schema: 1
  readonly metadata: ClientMetadata
  readonly authenticationMethods: readonly [string, ...string[]]
  readonly secretHash?: string
  readonly issuedAt: number
}

const maximumBytes = 64 * 1024

/**
 * Clients that register themselves, and the registration endpoint.
 *
 * Such a client may only use the authorization code and refresh token grants, its name is shown as unverified, users are
 * always asked, and it is forgotten when nobody ever approves it.
 *
 * @throws {TypeError} when the mode is missing, or `token` mode has no token of 16 characters or more
 * @see [RFC 7591 §3 - Client Registration Endpoint](https://www.rfc-editor.org/rfc/rfc7591.html#section-3)
 */
export function dynamicRegistration(options: DynamicRegistrationOptions): ClientSource {
  const {
    mode,
    initialAccessTokens = [],
    unconfirmedLifetime = 86_400,
    unusedLifetime = 7_776_000,
    allowedSchemes = [],
  } = options
  if (mode !== 'open' && mode !== 'token')
    throw new TypeError("dynamicRegistration needs mode: 'open' or 'token'")
  if (
    mode === 'token' &&
    (initialAccessTokens.length === 0 || initialAccessTokens.some(({ length }) => length < 16))
  )
    throw new TypeError(
      "dynamicRegistration with mode: 'token' needs initialAccessTokens of 16 characters or more",
    )
  checkDuration('dynamicRegistration: unconfirmedLifetime', unconfirmedLifetime)
  checkDuration('dynamicRegistration: unusedLifetime', unusedLifetime)
  const hashes = Promise.all(initialAccessTokens.map((token) => sha256Base64url(token)))

  const key = (clientId: string, server: ServerContext): Key => ({
    partition: server.partitions.client(clientId),
    collection: 'clients',
    id: clientId,
  })
  async function read(clientId: string, server: ServerContext): Promise<Stored | undefined> {
    if (!/^[\w-]{22}$/.test(clientId)) return undefined
    return (await server.storage.get([key(clientId, server)], server.now()))[0]
  }

  return {
    name: 'dynamic_registration',
    async find(clientId, server) {
      const stored = await read(clientId, server)
      return stored === undefined ? undefined : toClient(clientId, stored, allowedSchemes)
    },
    async used({ client_id: clientId, expiresAt }, server) {
      const now = server.now()
      const promised = now + unusedLifetime * 1000
      if (expiresAt === undefined || expiresAt >= promised) return
      const stored = await read(clientId, server)
      if (stored === undefined) return
      const { key: storedKey, revision, value } = stored
      // An eighth more than promised, so that not every refresh moves the end.
      const until = promised + unusedLifetime * 125
      await server.storage.commit(
        [{ type: 'replace', key: storedKey, revision, value: value as Json, expiresAt: until }],
        now,
      )
    },
    async register(request, server, ip) {
      if (mode === 'token') await checkInitialToken(request, await hashes)
      const now = server.now()
      const sent = await readJson(request)
      // RFC 7591 §2: the default of token_endpoint_auth_method.
      const defaultMethod = 'client_secret_basic'
      const metadata = parseClientMetadata(
        sent,
        selfRegistrationRules(server, { allowedSchemes, defaultMethod }),
      )
      const clientId = encodeBase64url(server.runtime.randomBytes(16))
      const hasSecret = metadata.token_endpoint_auth_method.startsWith('client_secret_')
      const secret = hasSecret ? server.secret() : undefined
      const record: ClientRecord = {
        schema: 1,
        metadata,
        authenticationMethods: acceptedMethods(sent, metadata),
        issuedAt: Math.floor(now / 1000),
        ...(secret === undefined ? {} : { secretHash: await sha256Base64url(secret) }),
      }
      const value = JSON.parse(JSON.stringify(record))
      const expiresAt = now + unconfirmedLifetime * 1000
      if (
        !(await server.storage.commit(
          [{ type: 'insert', key: key(clientId, server), value, expiresAt }],
          now,
        ))
      )
        throw new Error('a new client id is already taken: the random source repeats itself')
      server.emit({ type: 'client.registered', clientId, ip, registered: metadata.redirect_uris })
      const issued = { client_id: clientId, client_id_issued_at: record.issuedAt }
      const secretPart = secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }
      return jsonResponse({ ...metadata, ...issued, ...secretPart }, 201)
    },
  }
}

function toClient(clientId: string, stored: Stored, allowedSchemes: readonly string[]): Client {
  const { metadata, secretHash, authenticationMethods } = stored.value as ClientRecord
  return selfRegisteredClient(clientId, metadata, {
    authenticationMethods,
    secretHashes: secretHash === undefined ? [] : [secretHash],
    expiresAt: stored.expiresAt ?? undefined,
    allowedSchemes,
  })
}

async function checkInitialToken(request: Request, hashes: readonly string[]): Promise<void> {
  const presented = /^bearer +([\w\-.~+/]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const hash = await sha256Base64url(presented ?? '')
  if (hashes.reduce((found, known) => constantTimeEqual(known, hash) || found, false)) return
  // RFC 7591 §3: registration may need an initial access token.
  throw new OAuthError('invalid_token', 'registration needs an initial access token', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

async function readJson(request: Request): Promise<unknown> {
  const body = await readBody(request, maximumBytes)
  if (body === undefined)
    throw new OAuthError('invalid_client_metadata', 'the registration is too large', { status: 413 })
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new OAuthError('invalid_client_metadata', 'the registration must be a JSON object')
  }
}
