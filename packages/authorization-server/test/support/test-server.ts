import { defineScopes } from '@gatewright/core'
import type { GatewrightEvent } from '@gatewright/core'
import { createMemoryStorage } from '@gatewright/storage'
import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  password,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, User } from '@gatewright/authorization-server'

export const issuer = 'https://auth.example.com'
export const mcp = 'https://auth.example.com/mcp'
export const otherResource = 'https://auth.example.com/mcp2'

export const scopes = defineScopes({
  'read:application': { description: 'View applications', aliases: ['application:read'] },
  'write:application': { description: 'Change applications', implies: ['read:application'] },
  'admin:application': { description: 'Delete applications', implies: ['write:application'] },
  'read:user': 'View users',
})

export const users: ReadonlyMap<string, User & { readonly password: string }> = new Map([
  [
    'alice',
    {
      password: 'alice-pw',
      claims: { name: 'Alice', email: 'alice@example.com', email_verified: true, secret_note: 'x' },
    },
  ],
  ['bob', { password: 'bob-pw' }],
  ['carol', { password: 'carol-pw', scopes: ['read:application'] }],
])

/** A clock that only a test moves. */
export function testClock(start = Date.parse('2026-01-01T00:00:00Z')) {
  let instant = start
  return { now: () => instant, advance: (seconds: number) => void (instant += seconds * 1000) }
}

/** A server with a client of each kind, a clock of its own and its events. */
export function testServer(overrides: Partial<AuthorizationServerOptions> = {}) {
  const clock = testClock()
  const events: GatewrightEvent[] = []
  const activeUsers = new Map(users)
  // Tests look at events: without the one about a storage that forgets.
  const storage = { ...createMemoryStorage(), volatile: false }
  const server = createAuthorizationServer({
    issuer,
    storage,
    productName: 'Acme',
    keys: signingKeys({ seal: 'a seal for tests of more than 32 characters' }),
    scopes,
    resources: [{ resource: mcp }, { resource: otherResource }],
    clients: [
      registered(
        {
          client_id: 'claude-desktop-mcp',
          client_name: 'Claude Desktop',
          redirect_uris: ['http://127.0.0.1:*/callback', 'http://localhost:*/callback'],
        },
        { client_id: 'pub', redirect_uris: ['http://127.0.0.1/callback', 'com.example.app:/oauth2redirect'] },
        { client_id: 'pub1', redirect_uris: ['https://app.example.com/cb'] },
        { client_id: 'webq', redirect_uris: ['https://app.example.com/cb?tenant=1'] },
        { client_id: 'multi', redirect_uris: ['https://app.example.com/cb', 'https://app.example.com/cb2'] },
        { client_id: 'web', client_secret: 'web-secret', redirect_uris: ['https://app.example.com/cb'] },
        {
          client_id: 'post',
          client_secret: 'post-secret',
          token_endpoint_auth_method: 'client_secret_post',
          redirect_uris: ['https://app.example.com/cb'],
        },
        {
          client_id: 'confluence',
          client_secret: 'confluence-secret',
          redirect_uris: ['https://wiki.example.com/callback'],
          pkce: 'nonce',
        },
        { client_id: 'narrow', redirect_uris: ['http://127.0.0.1/callback'], scopes: ['read:application'] },
        { client_id: 'first-party', redirect_uris: ['https://app.example.com/cb'], consent: 'never' },
      ),
      dynamicRegistration({ mode: 'open' }),
    ],
    interaction: loginWith(
      password(async (name, secret) => (users.get(name)?.password === secret ? name : undefined)),
    ),
    findUser: async (subject) => activeUsers.get(subject),
    runtime: {
      now: clock.now,
      randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
      fetch: () => Promise.reject(new Error('the network is off in tests')),
    },
    onEvent: (event) => events.push(event),
    ...overrides,
  })
  return { server, clock, events, storage, activeUsers }
}

export type TestServer = ReturnType<typeof testServer>
