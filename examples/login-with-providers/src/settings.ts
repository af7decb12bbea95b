import type { CustomProviderOptions, OidcProviderOptions } from '@gatewright/provider'

/** Everything that an installation may want to change; each is an environment variable. */
export interface Settings {
  readonly host: string
  readonly port: number
  /** The public URL of the server, as browsers see it. */
  readonly publicUrl: string
  readonly productName: string
  readonly redisUrl: string
  /** Protects signing keys and upstream tokens at rest; 32 characters at least. */
  readonly secret: string
  /** Plain OAuth 2.0 providers: `CUSTOM_…`, `CUSTOM2_…`, and so on. */
  readonly custom: readonly CustomProviderOptions[]
  /** OpenID Connect providers: `OIDC_…`, `OIDC2_…`, and so on. */
  readonly oidc: readonly OidcProviderOptions[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the settings. @throws {TypeError} when one is missing or malformed */
export function readSettings(environment: Environment): Settings {
  const { HOST: host = '127.0.0.1', SECRET: secret = '' } = environment
  const port = Number(environment.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`PORT must be a port number, got "${environment.PORT}"`)
  if (secret.length < 32)
    throw new TypeError('SECRET must have 32 random characters at least, and stay the same over restarts')
  return {
    host,
    port,
    publicUrl: environment.PUBLIC_URL ?? `http://${host}:${port}`,
    productName: environment.PRODUCT_NAME ?? 'Acme Portal',
    redisUrl: environment.REDIS_URL ?? 'redis://127.0.0.1:6379',
    secret,
    custom: numbered(environment, 'CUSTOM').map((read) => customOptions(read)),
    oidc: numbered(environment, 'OIDC').map((read) => ({
      ...common(read, 'oidc'),
      issuer: read('ISSUER') ?? '',
      ...optional('scope', read('SCOPE')),
    })),
  }
}

interface Read {
  (name: string): string | undefined
  readonly prefix: string
}

/** One reader for each of `CUSTOM_`, `CUSTOM2_`, … that has a client id. There may be as many as you like. */
function numbered(environment: Environment, kind: string): readonly Read[] {
  const prefixes = Object.keys(environment)
    .map((name) => new RegExp(`^(${kind}\\d*)_CLIENT_ID$`).exec(name)?.[1])
    .filter((prefix) => prefix !== undefined)
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return prefixes.map((prefix) =>
    Object.assign((name: string) => environment[`${prefix}_${name}`] || undefined, { prefix }),
  )
}

function customOptions(read: Read): CustomProviderOptions {
  return {
    ...common(read, 'custom'),
    authorizationUrl: read('AUTH_URL') ?? '',
    tokenUrl: read('TOKEN_URL') ?? '',
    ...optional('userinfoUrl', read('USERINFO_URL')),
    ...optional('scope', read('SCOPE')),
    ...(read('SUBJECT') === undefined ? {} : { claims: { subject: read('SUBJECT') ?? '' } }),
  }
}

function common(read: Read, otherwise: string) {
  const reach = readReach(read)
  return {
    id: read.prefix.toLowerCase(),
    displayName: read('NAME') ?? otherwise,
    clientId: read('CLIENT_ID') ?? '',
    clientSecret: read('CLIENT_SECRET') ?? '',
    pkce: read('PKCE') !== 'off',
    singleLogout: read('SINGLE_LOGOUT') === 'on',
    ...optional('logoUri', read('FAVICON')),
    ...optional('logoutUrl', read('LOGOUT_URL')),
    ...optional('revocationUrl', read('REVOCATION_URL')),
    ...(reach === undefined ? {} : { reach }),
  } as const
}

function readReach(read: Read): 'public' | 'loopback' | 'any' | undefined {
  const reach = read('REACH')
  if (reach === undefined || reach === 'public' || reach === 'loopback' || reach === 'any') return reach
  throw new TypeError(`${read.prefix}_REACH must be public, loopback or any`)
}

function optional<Name extends string>(name: Name, value: string | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: string }
}
