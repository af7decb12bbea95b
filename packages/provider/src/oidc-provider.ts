import { checkUrls } from './check-urls.ts'
import { oidcClaims } from './claims/default-claims.ts'
import { createProvider } from './create-provider.ts'
import { discover } from './discover.ts'
import { providerFetch } from './provider-fetch.ts'
import type { Provider } from './provider.ts'
import type { ProviderOptions } from './provider-options.ts'

/** A provider that says where everything is. */
export type OidcProviderOptions = ProviderOptions & {
  /** The issuer identifier, exactly as the provider's discovery document has it. */
  readonly issuer: string
  /** @default 'openid profile email' */
  readonly scope?: string
}

/**
 * A provider to log in through by OpenID Connect. What it says about itself is fetched when it is first needed, and kept
 * for an hour; call `prepare` at start-up to find a wrong configuration early.
 *
 * @throws {TypeError} when an option is missing or malformed
 * @example
 * <!-- prelude
 * declare const clientSecret: string
 * -->
 * ```ts
 * const sso = oidcProvider({
 *   id: 'sso',
 *   displayName: 'Acme SSO',
 *   issuer: 'https://sso.acme.example',
 *   clientId: 'portal',
 *   clientSecret,
 * })
 * await sso.prepare()
 * ```
 * @see [OpenID Connect Discovery 1.0 §4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)
 */
export function oidcProvider(options: OidcProviderOptions): Provider {
  const what = `oidcProvider "${options.id}"`
  const { issuer, scope = 'openid profile email' } = options
  checkUrls(what, { issuer }, {})
  if (!scope.split(' ').includes('openid')) throw new TypeError(`${what}: scope must include openid`)
  return createProvider({
    what,
    options,
    scope,
    moreUserinfo: {},
    defaultClaims: oidcClaims,
    checksIssuer: true,
    server: discover(what, issuer, providerFetch(options), options.runtime),
  })
}
