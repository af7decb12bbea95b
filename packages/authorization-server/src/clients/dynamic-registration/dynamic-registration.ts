import { sha256Base64url } from '@gatewright/core'
import { checkRedirectUri, createRedirectUriMatcher } from '@gatewright/redirect-uri'
import { checkDuration } from '../../check-duration.ts'
import type { ClientSource } from '../client-source.ts'
import { listUsedClients, noteUsedClient } from '../used-clients.ts'
import { isDynamicId, readClient, toClient, toStored } from './client-record.ts'
import type { RegistrationManagement } from './manage-client.ts'
import { bearerToken, checkBearerToken } from './read-registration.ts'
import { registerClient } from './register-client.ts'
import type { SoftwareStatements } from './software-statement.ts'

/** Who may register, and for how long. */
export interface DynamicRegistrationOptions {
  /** `open`: anybody. `token`: who presents one of `initialAccessTokens`. `allow-list`: who asks for no redirect URI but those of `redirectUris`. `statement`: who presents a software statement. */
  readonly mode: 'open' | 'token' | 'allow-list' | 'statement'
  /** Whose software statements count: `softwareStatements(…)`. Needed in `statement` mode. @default every statement is refused */
  readonly statements?: SoftwareStatements | undefined
  /** Bearer tokens that allow registration in `token` mode. */
  readonly initialAccessTokens?: readonly string[]
  /** What clients may register in `allow-list` mode; a loopback entry stands for all its ports. */
  readonly redirectUris?: readonly string[]
  /** Gives a client a token with which it can read, change and delete its registration: `registrationManagement()`. @default none */
  readonly management?: RegistrationManagement | undefined
  /** Registrations that are stored in a day, by all addresses together. @default 10000 */
  readonly perDay?: number
  /** Seconds that a client is kept until a user first approves it. @default 86400 */
  readonly unconfirmedLifetime?: number
  /** Seconds that a client is kept after its last use. @default 7776000 (90 days) */
  readonly unusedLifetime?: number
  /** Private-use schemes without a dot that redirect URIs may use, for example `cursor`. @default [] */
  readonly allowedSchemes?: readonly string[]
}

/** The options with every default filled in. */
export interface ResolvedRegistrationOptions {
  readonly management: boolean
  readonly statements: SoftwareStatements | undefined
  readonly needsStatement: boolean
  readonly perDay: number
  readonly unconfirmedLifetime: number
  readonly unusedLifetime: number
  readonly allowedSchemes: readonly string[]
  /** Whether a redirect URI may be registered. */
  readonly isListed: (redirectUri: string) => boolean
}

/**
 * Clients that register themselves, and the registration endpoint.
 *
 * Such a client may only use the authorization code and refresh token grants, its name is shown as unverified, users are
 * always asked, and it is forgotten when nobody ever approves it.
 *
 * @throws {TypeError} when the mode is missing, what the mode needs is missing, or a number is out of range
 * @see [RFC 7591 §3 - Client Registration Endpoint](https://www.rfc-editor.org/rfc/rfc7591.html#section-3)
 */
export function dynamicRegistration(options: DynamicRegistrationOptions): ClientSource {
  const resolved = resolve(options)
  const { unusedLifetime, allowedSchemes } = resolved
  const { management } = options
  const hashes = Promise.all((options.initialAccessTokens ?? []).map((token) => sha256Base64url(token)))
  return {
    name: 'dynamic_registration',
    async find(clientId, server, _query, read) {
      const stored = await readClient(clientId, server, read)
      return stored === undefined ? undefined : toClient(clientId, stored, allowedSchemes)
    },
    async used({ client_id: clientId, expiresAt }, server) {
      const now = server.now()
      const promised = now + unusedLifetime * 1000
      if (expiresAt === undefined || expiresAt >= promised) return
      const stored = await readClient(clientId, server)
      if (stored === undefined) return
      const { key, revision, value } = stored
      // An eighth more than promised, so that not every refresh moves the end.
      const until = promised + unusedLifetime * 125
      await server.storage.commit(
        [{ type: 'replace', key, revision, value: toStored(value), expiresAt: until }],
        now,
      )
      await noteUsedClient(clientId, until, server)
    },
    list: async (server) => (await listUsedClients(server)).filter(isDynamicId),
    async register(request, server, ip) {
      // RFC 7591 §3: registration may need an initial access token.
      if (options.mode === 'token')
        await checkBearerToken(
          bearerToken(request),
          await hashes,
          'registration needs an initial access token',
        )
      return registerClient(request, resolved, server, ip)
    },
    ...(management && { manage: (request, server, ip) => management.manage(request, resolved, server, ip) }),
  }
}

const modes: readonly string[] = ['open', 'token', 'allow-list', 'statement']

function resolve(options: DynamicRegistrationOptions): ResolvedRegistrationOptions {
  const {
    mode,
    initialAccessTokens = [],
    redirectUris = [],
    allowedSchemes = [],
    statements,
    management,
  } = options
  const { unconfirmedLifetime = 86_400, unusedLifetime = 7_776_000, perDay = 10_000 } = options
  const refuse = (message: string) => new TypeError(`dynamicRegistration ${message}`)
  if (!modes.includes(mode)) throw refuse(`needs mode: '${modes.join("', '")}'`)
  if (mode === 'statement' && statements === undefined)
    throw refuse("with mode: 'statement' needs statements: softwareStatements(…)")
  if (
    mode === 'token' &&
    (initialAccessTokens.length === 0 || initialAccessTokens.some(({ length }) => length < 16))
  )
    throw refuse("with mode: 'token' needs initialAccessTokens of 16 characters or more")
  if (mode === 'allow-list' && redirectUris.length === 0)
    throw refuse("with mode: 'allow-list' needs redirectUris")
  for (const uri of redirectUris) {
    const verdict = checkRedirectUri(uri, { wildcardPort: true, allowedSchemes })
    if (!verdict.ok) throw refuse(`redirectUris: "${uri}": ${verdict.message}`)
  }
  if (!Number.isSafeInteger(perDay) || perDay < 1) throw refuse('needs perDay of at least 1')
  checkDuration('dynamicRegistration: unconfirmedLifetime', unconfirmedLifetime)
  checkDuration('dynamicRegistration: unusedLifetime', unusedLifetime)
  const list = createRedirectUriMatcher(redirectUris, {
    anyLoopbackPort: true,
    wildcardPort: true,
    allowedSchemes,
  })
  const isListed = (uri: string) => mode !== 'allow-list' || list.match(uri).matched
  const needsStatement = mode === 'statement'
  return {
    statements,
    needsStatement,
    management: management !== undefined,
    perDay,
    unconfirmedLifetime,
    unusedLifetime,
    allowedSchemes,
    isListed,
  }
}
