import type { LoginProvider, ProviderChoice } from '@gatewright/core'

/** What the pages show of a provider. A logo that cannot be had is no reason not to log in. */
export async function providerChoice(provider: LoginProvider): Promise<ProviderChoice> {
  const { id, displayName: name } = provider
  return { id, name, logo: await provider.logo?.().catch(() => undefined) }
}
