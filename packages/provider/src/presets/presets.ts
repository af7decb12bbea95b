import { readPath } from '../claims/read-path.ts'
import { monogram } from './monogram.ts'

/** The verified primary address among those that GitHub lists. */
function primaryEmail(raw: Readonly<Record<string, unknown>>): string | undefined {
  const { emails } = raw
  if (!Array.isArray(emails)) return undefined
  const primary = emails.find(
    (entry) => readPath(entry, 'primary') === true && readPath(entry, 'verified') === true,
  )
  const email = readPath(primary, 'email')
  return typeof email === 'string' ? email : undefined
}

const trimmed = (url: string) => url.replace(/\/+$/, '')

/**
 * What is known about some providers, as data: spread one into `oidcProvider` or `customProvider` and add your credentials.
 * Those that run in many places are functions of where. The logos are plain letters; set `logoUri` to show the real one.
 *
 * @example
 * <!-- prelude
 * declare const clientSecret: string
 * -->
 * ```ts
 * const google = oidcProvider({ ...presets.google, clientId: 'portal', clientSecret })
 * const github = customProvider({ ...presets.github, clientId: 'portal', clientSecret })
 * const sso = oidcProvider({ ...presets.keycloak('https://sso.example.com/realms/acme'), clientId: 'portal', clientSecret })
 * ```
 */
export const presets = {
  /** Plain OAuth 2.0, for `customProvider`. The e-mail addresses come from a second document. */
  github: {
    id: 'github',
    displayName: 'GitHub',
    logoUri: monogram('G', '#24292f'),
    authorizationUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    userinfoUrl: 'https://api.github.com/user',
    moreUserinfo: { emails: 'https://api.github.com/user/emails' },
    scope: 'read:user user:email',
    claims: {
      subject: 'id',
      email: primaryEmail,
      email_verified: (raw: Readonly<Record<string, unknown>>) => primaryEmail(raw) !== undefined,
    },
  },
  /** For `oidcProvider`. */
  google: {
    id: 'google',
    displayName: 'Google',
    logoUri: monogram('G', '#1a73e8'),
    issuer: 'https://accounts.google.com',
  },
  /**
   * For `oidcProvider`. Takes the id of one tenant: with `common` everybody's tenant could say what it likes about e-mail addresses,
   * which is why its addresses never count as verified here.
   */
  microsoft: (tenant: string) => ({
    id: 'microsoft',
    displayName: 'Microsoft',
    logoUri: monogram('M', '#0067b8'),
    issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
    claims: { email_verified: () => undefined },
  }),
  /** For `oidcProvider`. */
  gitlab: (origin = 'https://gitlab.com') => ({
    id: 'gitlab',
    displayName: 'GitLab',
    logoUri: monogram('G', '#c24000'),
    issuer: trimmed(origin),
  }),
  /** For `oidcProvider`. */
  casdoor: (origin: string) => ({
    id: 'casdoor',
    displayName: 'Casdoor',
    logoUri: monogram('C', '#5734d3'),
    issuer: trimmed(origin),
  }),
  /** For `oidcProvider`; the realm's URL. */
  keycloak: (realm: string) => ({
    id: 'keycloak',
    displayName: 'Keycloak',
    logoUri: monogram('K', '#00688b'),
    issuer: trimmed(realm),
  }),
  /** For `oidcProvider`; the domain, or the URL of a custom authorization server. */
  okta: (domain: string) => ({
    id: 'okta',
    displayName: 'Okta',
    logoUri: monogram('O', '#191919'),
    issuer: domain.startsWith('https://') ? trimmed(domain) : `https://${domain}`,
  }),
  /** For `oidcProvider`. Its issuer ends with a slash. */
  auth0: (domain: string) => ({
    id: 'auth0',
    displayName: 'Auth0',
    logoUri: monogram('A', '#c2410c'),
    issuer: `https://${domain}/`,
  }),
} as const
