import {
  authorizationCode,
  clientCredentials,
  clientSecretBasic,
  clientSecretPost,
  createAuthorizationServer,
  deviceCode,
  dynamicRegistration,
  jwtBearer,
  metadataDocuments,
  none,
  privateKeyJwt,
  pushedRequests,
  refreshToken,
  registered,
  selfSignedTlsClientAuth,
  requestObjects,
  signingKeys,
  tlsClientAuth,
  tokenExchange,
} from '@gatewright/authorization-server'
import type { RateLimits } from '@gatewright/authorization-server'
import { composeHandlers } from '@gatewright/core'
import type { GatewrightEvent, RequestHandler } from '@gatewright/core'
import { mcpServer as mcpServerV1 } from '@gatewright/mcp/sdk'
import { mcpServer as mcpServerV2 } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import { createReplayStore } from '@gatewright/storage'
import type { Listing, Storage } from '@gatewright/storage'
import { addAsk } from './ask.ts'
import { applicationDetails } from './authorization-details.ts'
import { claims } from './claims.ts'
import { readClients } from './clients.ts'
import { addConformanceContent } from './conformance-content.ts'
import { addConformanceQuestions } from './conformance-questions.ts'
import { openEventLog } from './event-log.ts'
import { openInbox } from './inbox.ts'
import { openLogin } from './login.ts'
import { policies } from './policies.ts'
import { scopes } from './scopes.ts'
import type { Settings } from './settings.ts'
import { openStorage } from './storage.ts'
import { createTools } from './tools.ts'
import { addUpstreams } from './upstreams.ts'
import { readUsers } from './users.ts'

const mcpPaths = ['/mcp', '/mcp2', '/api/mcp']

/** Puts the target together from the public packages. `fetchClientUrl` stands in for the network where clients name URLs. */
export function createTarget(
  settings: Settings,
  storage: Storage & Listing = openStorage(settings.STORAGE),
  fetchClientUrl?: typeof fetch,
): RequestHandler {
  const { issuer, origin } = settings
  const users = readUsers(settings.EXTRA_USERS)
  const events: GatewrightEvent[] = []
  const onEvent = (event: GatewrightEvent) => {
    events.push(event)
    if (events.length > settings.EVENTS_KEPT) events.shift()
  }
  const inbox = openInbox(origin)
  const resources = mcpPaths.map((path) => origin + path)
  const dpop =
    settings.DPOP_NONCE === '1' ? { nonce: { secret: 'the nonces of the target are for tests' } } : {}

  const authorizationServer = createAuthorizationServer({
    issuer,
    productName: 'Target',
    storage,
    keys: signingKeys({
      seal: 'the target is for tests: its seal is no secret',
      algorithm: settings.SIGNING_ALG,
    }),
    scopes,
    resources: resources.map((resource) => ({ resource, defaultScopes: settings.DEFAULT_SCOPE.split(' ') })),
    clients: [
      registered(...readClients(origin, settings)),
      ...(settings.CIMD === 'on' ? [metadataDocuments()] : []),
      ...registration(settings.DCR),
    ],
    clientUrls: {
      reach: settings.CIMD_LOOPBACK === '1' ? 'loopback' : 'public',
      ...(fetchClientUrl === undefined ? {} : { fetch: fetchClientUrl }),
    },
    rateLimits: rateLimits(settings.RATE_LIMIT),
    ...openLogin(settings, users, storage),
    policies,
    claims,
    dpop,
    ...certificates(settings),
    grants: [
      authorizationCode(),
      refreshToken(),
      clientCredentials(),
      deviceCode(),
      inbox.grant,
      tokenExchange(),
      ...assertions(settings),
    ],
    requestSources: [pushedRequests(), requestObjects()],
    authorizationDetails: [applicationDetails(users)],
    responseModes: ['query', 'form_post'],
    accessTokenFormat: settings.ACCESS_TOKEN_FORMAT,
    accessTokenLifetime: settings.ACCESS_TOKEN_TTL,
    codeLifetime: settings.CODE_TTL,
    codeReplayGrace: settings.CODE_REPLAY_GRACE,
    refreshTokenIdleLifetime: settings.REFRESH_TOKEN_IDLE_TTL,
    refreshTokenLifetime: settings.REFRESH_TOKEN_TTL,
    refreshReuseWindow: settings.REFRESH_REUSE_WINDOW,
    onEvent,
  })

  const mcpServer = settings.MCP_SDK === 'v1' ? mcpServerV1 : mcpServerV2
  const registry = createTools(users, onEvent)
  addAsk(registry)
  const conformance = settings.MCP_CONFORMANCE === '1'
  if (conformance) {
    addConformanceContent(registry)
    addConformanceQuestions(registry)
  }
  const upstreams = addUpstreams(registry, settings)
  // A mistake in the switches is told to whoever calls.
  upstreams.catch(() => {})
  const proofs = createReplayStore(storage)
  const callLimit = limitCalls(settings.RATE_LIMIT)
  const mcpServers = resources.map((resource, index) => {
    const resourceServer = createResourceServer({
      issuer,
      resource,
      scopes,
      challengeScopes: ['read:application'],
      authorizationDetailTypes: ['application'],
      rootMetadata: index === 0,
      ...(settings.ACCESS_TOKEN_FORMAT === 'opaque'
        ? { introspect: authorizationServer.introspect }
        : { jwks: authorizationServer.jwks, isRevoked: authorizationServer.isRevoked }),
      dpop: { ...dpop, memory: proofs },
      onEvent,
    })
    return mcpServer({
      registry,
      resourceServer,
      name: 'target',
      version: '1.0.0',
      // The suite holds a session wherever it can, as its own clients do.
      sessions: conformance || settings.MCP_SESSIONS === 'on',
      ...callLimit,
    })
  })
  const all = composeHandlers(authorizationServer, ...mcpServers, openEventLog(origin, events), inbox.page)
  return {
    origin: all.origin,
    async handle(request, context) {
      await upstreams
      return all.handle(request, context)
    },
  }
}

// Suites from outside come from one address: without a limit of their own there is none.
function rateLimits(setting: string): RateLimits | false {
  const limit = readLimit(setting)
  if (limit === undefined) return false
  return { token: limit, registration: limit, authorization: limit }
}

/** How often one caller may call one tool. */
function limitCalls(setting: string) {
  const limit = readLimit(setting)
  return limit === undefined ? {} : { rateLimit: { calls: limit.requests, window: limit.seconds } }
}

function readLimit(setting: string) {
  if (setting === 'off') return undefined
  const [requests = 1, seconds = 1] = setting.split('/').map(Number)
  return { requests, seconds }
}

/** Clients may prove who they are by a certificate, where connections have some. */
function certificates({ tls, origin }: Settings) {
  if (tls?.ca === undefined) return {}
  const usual = [none(), clientSecretBasic(), clientSecretPost(), privateKeyJwt()]
  return {
    clientAuthentication: [...usual, tlsClientAuth(), selfSignedTlsClientAuth()],
    mutualTls: { origin },
  }
}

/** Identity assertions of the trusted provider, whose users have the names that they have here. */
function assertions({ TRUSTED_IDP_ISSUER: issuer, TRUSTED_IDP_JWKS: keys }: Settings) {
  if (issuer === undefined || keys === undefined) return []
  const place = keys.startsWith('{') ? { jwks: JSON.parse(keys) } : { jwks_uri: keys }
  return [jwtBearer({ issuers: [{ issuer, ...place, subject: ({ sub }) => sub }] })]
}

function registration(mode: Settings['DCR']) {
  if (mode === 'off') return []
  return [
    dynamicRegistration(mode === 'open' ? { mode } : { mode, initialAccessTokens: ['dcr-initial-token'] }),
  ]
}
