import { customProvider, oidcProvider } from '@gatewright/provider'
import type { CustomProviderOptions, OidcProviderOptions } from '@gatewright/provider'
import { createFakeProvider, createTestClock } from '@gatewright/testkit'
import type { FakeProviderOptions } from '@gatewright/testkit'

const randomBytes = (size: number) => crypto.getRandomValues(new Uint8Array(size))

/** A fake provider and a connection to it by discovery, on one clock. */
export function connectOidc(
  overrides: Partial<Omit<OidcProviderOptions, 'clientAuthentication'>> = {},
  fake: FakeProviderOptions = {},
) {
  const clock = createTestClock(Date.now())
  const up = createFakeProvider({ now: clock.now, ...fake })
  const provider = oidcProvider({
    id: 'up',
    displayName: 'Upstream',
    issuer: up.issuer,
    clientId: 'client',
    clientSecret: 'client-secret',
    fetch: up.fetch,
    runtime: { now: clock.now, randomBytes },
    ...overrides,
  })
  return { up, provider, clock }
}

/** A fake provider and a connection to it by its URLs alone. */
export function connectCustom(
  overrides: Partial<CustomProviderOptions> = {},
  fake: FakeProviderOptions = {},
) {
  const clock = createTestClock(Date.now())
  const up = createFakeProvider({ now: clock.now, ...fake })
  const options = {
    id: 'custom',
    displayName: 'Custom',
    clientId: 'client',
    clientSecret: 'client-secret',
    authorizationUrl: `${up.issuer}/authorize`,
    tokenUrl: `${up.issuer}/token`,
    userinfoUrl: `${up.issuer}/userinfo`,
    scope: 'profile email',
    fetch: up.fetch,
    runtime: { now: clock.now, randomBytes },
    ...overrides,
  } as CustomProviderOptions
  return { up, provider: customProvider(options), clock }
}

export const callback = 'https://auth.example.com/callback/up'

/** Logs alice, or another, in at the provider without an authorization server around it. */
export async function logIn({ up, provider }: ReturnType<typeof connectOidc>, user = 'alice') {
  const { url, pending } = await provider.start({ redirectUri: callback })
  return provider.finish(up.login(url, user).searchParams, pending)
}
