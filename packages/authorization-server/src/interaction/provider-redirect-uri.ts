import type { ServerContext } from '../server-context.ts'

/** The redirect URI of a provider. @throws {TypeError} when the interaction does not list it */
export function providerRedirectUri(provider: string, { options, urls }: ServerContext): string {
  if (options.interaction.providers?.includes(provider) !== true)
    throw new TypeError(`the interaction does not list the provider "${provider}"`)
  return `${urls.url('callback')}/${provider}`
}
