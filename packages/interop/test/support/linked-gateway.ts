import {
  createAuthorizationServer,
  loginWith,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import { composeHandlers, defineScopes } from '@gatewright/core'
import { createToolRegistry } from '@gatewright/mcp'
import { createMcpProxy, streamableHttp } from '@gatewright/mcp-proxy'
import { mcpServer } from '@gatewright/mcp/server'
import { toNodeListener } from '@gatewright/node'
import { createUpstreamTokens, linkAccounts, oidcProvider } from '@gatewright/provider'
import { createResourceServer } from '@gatewright/resource-server'
import { createMemoryStorage } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import { createFakeProvider } from '@gatewright/testkit'
import { noCredential, storedToken } from '@gatewright/token-exchange'
import { startUpstream } from '../../../mcp-proxy/test/support/upstream.ts'
import { listen } from './listen.ts'
import { createRawClient } from './raw-client.ts'

const secret = 'a secret of the tests with more than 32 characters'
const redirectUri = 'http://127.0.0.1:51004/callback'

/**
 * A gateway whose users sign in at a provider, and whose upstream MCP server is called with the token that the provider issued for
 * the caller, out of the vault.
 */
export async function startLinkedGateway() {
  const up = createFakeProvider()
  const upstream = await startUpstream()
  const scopes = defineScopes({ 'ledger:read': 'See accounts' })
  const subjects = new Map<string, string>()
  const registry = createToolRegistry({ scopes })
  const proxy = createMcpProxy({
    name: 'ledger',
    endpoint: streamableHttp(upstream.url, { allowPrivate: true }),
    prefix: 'up_',
    scopes: { listAccounts: ['ledger:read'], transfer: ['ledger:read'] },
    authorization: storedToken(({ subject }) => vault().accessToken(subject, 'up')),
    listAuthorization: noCredential(),
    timeout: 5,
  })
  let linked: ReturnType<typeof createUpstreamTokens> | undefined
  const vault = () => {
    if (linked === undefined) throw new Error('the gateway does not listen yet')
    return linked
  }

  const listening = await listen(({ origin }) => {
    const storage = createMemoryStorage()
    const provider = oidcProvider({
      id: 'up',
      displayName: 'Upstream',
      issuer: up.issuer,
      clientId: 'client',
      clientSecret: 'client-secret',
      fetch: up.fetch,
    })
    const tokens = createUpstreamTokens({
      storage,
      vault: createVault({ secrets: secret }),
      providers: [provider],
    })
    linked = tokens
    const server = createAuthorizationServer({
      issuer: origin,
      storage,
      keys: signingKeys({ seal: secret }),
      scopes,
      resources: [{ resource: `${origin}/mcp` }],
      clients: [registered({ client_id: 'claude', redirect_uris: [redirectUri] })],
      interaction: loginWith([provider], {
        onLogin: linkAccounts({
          find: async (key) => subjects.get(key),
          async create(key, { claims }) {
            subjects.set(key, String(claims.preferred_username))
            return subjects.get(key)
          },
          onUser: (subject, identity, issued) => tokens.put(subject, identity.provider, issued),
        }),
      }),
      findUser: async () => ({}),
      checkGrant: tokens.checkGrant,
    })
    const resourceServer = createResourceServer({
      issuer: origin,
      resource: `${origin}/mcp`,
      scopes,
      jwks: server.jwks,
      isRevoked: server.isRevoked,
    })
    const mcp = mcpServer({ registry, resourceServer, name: 'gateway', version: '1', sessions: true })
    return toNodeListener(composeHandlers(server, mcp))
  })
  await proxy.registerIn(registry)
  const { origin } = listening
  const resource = `${origin}/mcp`

  /** A browser of its own, in which a user signs in at the provider. */
  function person(user: 'alice' | 'bob') {
    const client = createRawClient(origin)
    const parameters = { client_id: 'claude', redirect_uri: redirectUri, resource, scope: 'ledger:read' }
    return {
      /** Goes to the provider and signs in there; resolves to the callback that its browser is sent to. */
      async signInAtProvider() {
        const { callback: away, verifier } = await client.authorize(parameters)
        return { callback: up.login(away.href, user), verifier }
      },
      /** Opens a callback; resolves to where the browser goes on, and fails when it is shown an error. */
      open: (callback: URL) => client.browser.authorize(callback),
      async redeem(back: URL, verifier: string): Promise<string> {
        const { json } = await client.post('/token', {
          grant_type: 'authorization_code',
          code: back.searchParams.get('code') ?? '',
          code_verifier: verifier,
          redirect_uri: redirectUri,
          client_id: 'claude',
          resource,
        })
        return String(json.access_token)
      },
      async signIn(): Promise<string> {
        const { callback, verifier } = await this.signInAtProvider()
        return this.redeem(await this.open(callback), verifier)
      },
    }
  }

  return {
    up,
    upstream,
    mcp: resource,
    vault: vault(),
    person,
    async stop() {
      await proxy.close()
      await listening.stop()
    },
  }
}
