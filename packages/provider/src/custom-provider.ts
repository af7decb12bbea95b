import { createProvider } from './create-provider.ts'
import { checkUrls } from './check-urls.ts'
import { plainClaims } from './claims/default-claims.ts'
import { signingAlgorithms } from './signing-algorithms.ts'
import type { Provider } from './provider.ts'
import type { ProviderOptions } from './provider-options.ts'

/** A provider whose URLs you know. */
export type CustomProviderOptions = ProviderOptions & {
  /** Where browsers are sent. A query in it is kept. */
  readonly authorizationUrl: string
  readonly tokenUrl: string
  /** Where the user's claims are. Without it, `issuer` and `jwksUrl` are required, and they come from the ID token. */
  readonly userinfoUrl?: string
  /** Further documents about the user, by the name that their content gets among the claims. @default none */
  readonly moreUserinfo?: Readonly<Record<string, string>>
  /** @default none is sent */
  readonly scope?: string
  /** The provider's issuer identifier, where it has one: then `iss` in the answer is checked. */
  readonly issuer?: string
  /** Where the provider's signing keys are: then ID tokens and signed userinfo are verified; without it, they are not used. */
  readonly jwksUrl?: string
}

/**
 * A provider to log in through by plain OAuth 2.0, or by OpenID Connect without discovery.
 *
 * The user is known by the claim `sub` or `id`; name another as `claims: { subject: … }`, and only one that the provider
 * never changes and never gives to somebody else.
 *
 * @throws {TypeError} when an option is missing, malformed or contradicts another
 * @example
 * <!-- prelude
 * declare const clientSecret: string
 * -->
 * ```ts
 * const intranet = customProvider({
 *   id: 'intranet',
 *   displayName: 'Acme Intranet',
 *   clientId: 'portal',
 *   clientSecret,
 *   authorizationUrl: 'https://sso.acme.example/login/oauth/authorize',
 *   tokenUrl: 'https://sso.acme.example/api/login/oauth/access_token',
 *   userinfoUrl: 'https://sso.acme.example/api/userinfo',
 *   scope: 'profile email',
 * })
 * ```
 */
export function customProvider(options: CustomProviderOptions): Provider {
  const what = `customProvider "${options.id}"`
  const { authorizationUrl, tokenUrl, userinfoUrl, moreUserinfo = {}, jwksUrl, issuer, scope } = options
  checkUrls(what, { authorizationUrl, tokenUrl }, { userinfoUrl, jwksUrl, issuer, ...moreUserinfo })
  if (userinfoUrl === undefined && (jwksUrl === undefined || issuer === undefined))
    throw new TypeError(
      `${what}: without userinfoUrl the user is known by the ID token alone, and verifying it takes issuer and jwksUrl`,
    )
  if (jwksUrl !== undefined && issuer === undefined)
    throw new TypeError(`${what}: jwksUrl needs issuer, which ID tokens are checked against`)
  if (options.clientAuthentication === 'private_key_jwt' && issuer === undefined)
    throw new TypeError(`${what}: private_key_jwt needs issuer, which the assertion is made out to`)
  if (options.singleLogout === true && options.logoutUrl === undefined)
    throw new TypeError(`${what}: singleLogout needs logoutUrl`)
  return createProvider({
    what,
    options,
    scope,
    moreUserinfo,
    defaultClaims: plainClaims,
    checksIssuer: issuer !== undefined,
    server: async () => ({
      // Without an issuer of its own a provider is told apart by where its tokens come from.
      issuer: issuer ?? new URL(tokenUrl).origin,
      authorization_endpoint: authorizationUrl,
      token_endpoint: tokenUrl,
      id_token_signing_alg_values_supported: [...signingAlgorithms],
      ...(userinfoUrl === undefined ? {} : { userinfo_endpoint: userinfoUrl }),
      ...(jwksUrl === undefined ? {} : { jwks_uri: jwksUrl }),
    }),
  })
}
