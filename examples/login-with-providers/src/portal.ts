import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  signingKeys,
} from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import { mount } from '@gatewright/hono'
import { createUpstreamTokens, customProvider, linkAccounts, oidcProvider } from '@gatewright/provider'
import { createRedisStorage } from '@gatewright/storage-redis'
import { createVault } from '@gatewright/storage/vault'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import type { Redis } from 'ioredis'
import { homePage } from './home-page.ts'
import type { Settings } from './settings.ts'
import { openUserStore } from './user-store.ts'

/** The portal: an authorization server whose users come from providers, and a page that greets them. */
export function createPortal(settings: Settings, redis: Redis) {
  const { publicUrl, secret, productName } = settings
  const users = openUserStore(redis)
  const storage = createRedisStorage({ client: redis })
  const providers = [
    ...settings.custom.map((options) => customProvider(options)),
    ...settings.oidc.map((options) => oidcProvider(options)),
  ]
  const upstream = createUpstreamTokens({ storage, vault: createVault({ secrets: secret }), providers })

  const server = createAuthorizationServer({
    issuer: publicUrl,
    productName,
    storage,
    keys: signingKeys({ seal: secret }),
    scopes: defineScopes({ 'read:portal': 'View the portal' }),
    resources: [{ resource: `${publicUrl}/api` }],
    clients: [dynamicRegistration({ mode: 'open' })],
    interaction: loginWith(providers, {
      onLogin: linkAccounts({
        find: (key) => users.findByIdentity(key),
        create: (key) => users.create(key),
        async onUser(id, { provider, claims }, tokens) {
          const { displayName = provider } = providers.find((each) => each.id === provider) ?? {}
          await users.save({ id, claims, provider: displayName })
          await upstream.put(id, provider, tokens)
        },
      }),
    }),
    findUser: async (id) => {
      const user = await users.find(id)
      return user && { claims: user.claims }
    },
    // When a provider ends what it granted, apps that the user connected here lose their access, too.
    checkGrant: upstream.checkGrant,
    // And when nothing here needs its tokens any more, the provider gets them back.
    onLastLogout: upstream.end,
  })

  const app = new Hono()
  app.use(mount(server, { context: (c) => ({ ip: getConnInfo(c).remote.address }) }))
  app.get('/', async (c) => {
    const session = await server.session(c.req.raw)
    return homePage(productName, session && (await users.find(session.subject)))
  })
  /** Finds out now whether every provider is what the settings say, and the stored keys open with the secret. */
  const prepare = async () =>
    void (await Promise.all([server.jwks(), ...providers.map((provider) => provider.prepare())]))
  const redirectUris = providers.map(({ id }) => `${publicUrl}/callback/${id}`)
  const signedOutUri = providers.some(({ singleLogout }) => singleLogout)
    ? `${publicUrl}/signed-out`
    : undefined
  return { app, prepare, redirectUris, signedOutUri }
}
