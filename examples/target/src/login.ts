import { loginWith, password } from '@gatewright/authorization-server'
import type { LoginMethod, User } from '@gatewright/authorization-server'
import { customProvider, createUpstreamTokens, linkAccounts, oidcProvider } from '@gatewright/provider'
import type { Provider } from '@gatewright/provider'
import type { Storage } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import { openProviderUsers } from './provider-users.ts'
import type { Settings } from './settings.ts'
import type { TargetUser } from './users.ts'

/** How users log in: who they are then, and whether what they approved goes on. */
export function openLogin(settings: Settings, users: ReadonlyMap<string, TargetUser>, storage: Storage) {
  const providers = settings.LOGIN === 'password' ? [] : readProviders(settings)
  if (settings.LOGIN !== 'password' && providers.length === 0)
    throw new Error(`LOGIN=${settings.LOGIN} needs UP_ISSUER or CUSTOM_AUTH_URL`)
  const fromProviders = openProviderUsers(storage)
  const upstream = createUpstreamTokens({
    storage,
    vault: createVault({ secrets: 'the target is for tests: its seal is no secret' }),
    providers,
  })
  const local = password(async (name, secret) => (users.get(name)?.password === secret ? name : undefined))
  const methods: readonly LoginMethod[] = settings.LOGIN === 'upstream' ? providers : [...providers, local]
  const onLogin = linkAccounts({
    find: async (key) => ((await fromProviders.find(key)) === undefined ? undefined : key),
    create: async (key) => key,
    async onUser(subject, { provider, claims }, tokens) {
      await fromProviders.save(subject, claims)
      await upstream.put(subject, provider, tokens)
    },
  })
  return {
    interaction: loginWith(methods, { onLogin }),
    findUser: async (subject: string): Promise<User | undefined> =>
      users.get(subject) ?? fromProviders.find(subject),
    checkGrant: upstream.checkGrant,
  }
}

/** The providers that the settings name. */
export function readProviders(settings: Settings): readonly Provider[] {
  const providers: Provider[] = []
  const { UP_ISSUER, CUSTOM_AUTH_URL, CUSTOM_TOKEN_URL = '' } = settings
  if (UP_ISSUER !== undefined)
    providers.push(
      oidcProvider({
        id: 'up',
        displayName: 'Upstream',
        issuer: UP_ISSUER,
        clientId: settings.UP_CLIENT_ID,
        reach: 'any',
        ...secretOf(settings.UP_CLIENT_SECRET),
      }),
    )
  if (CUSTOM_AUTH_URL !== undefined)
    providers.push(
      customProvider({
        id: 'custom',
        displayName: 'Custom',
        authorizationUrl: CUSTOM_AUTH_URL,
        tokenUrl: CUSTOM_TOKEN_URL,
        clientId: settings.CUSTOM_CLIENT_ID,
        pkce: ['1', 'true', 'on'].includes(settings.CUSTOM_PKCE),
        reach: 'any',
        // The provider of the documented scenario has no other id of a user than the name, which it never changes.
        claims: { subject: ['sub', 'id', 'name'] },
        ...(settings.CUSTOM_USERINFO_URL === undefined ? {} : { userinfoUrl: settings.CUSTOM_USERINFO_URL }),
        ...(settings.CUSTOM_SCOPE === undefined ? {} : { scope: settings.CUSTOM_SCOPE }),
        ...secretOf(settings.CUSTOM_CLIENT_SECRET),
      }),
    )
  return providers
}

function secretOf(clientSecret: string | undefined) {
  return clientSecret === undefined ? ({ clientAuthentication: 'none' } as const) : { clientSecret }
}
