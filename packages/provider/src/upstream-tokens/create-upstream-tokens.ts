import { defaultRuntime, formatScope, OAuthError, parseScope } from '@gatewright/core'
import type { ProviderTokens, Runtime } from '@gatewright/core'
import type { Storage } from '@gatewright/storage'
import type { Vault } from '@gatewright/storage/vault'
import type { Provider } from '../provider.ts'
import { refreshOnce } from './refresh-once.ts'
import { createTokenStore } from './token-store.ts'
import type { StoredTokens } from './token-store.ts'

/** Where tokens of providers are kept, and whose. */
export interface UpstreamTokensOptions {
  readonly storage: Storage
  /** Seals the tokens at rest: `createVault` of `@gatewright/storage/vault`. */
  readonly vault: Vault
  readonly providers: readonly Provider[]
  /** What the partitions start with: keeps tenants apart. @default 'upstream' */
  readonly namespace?: string
  /** Seconds that tokens are kept without being used. @default 7776000 (90 days) */
  readonly lifetime?: number
  readonly runtime?: Pick<Runtime, 'now'>
}

/** What a token is needed for. */
export interface TokenUse {
  /** Scopes that the provider must have granted. @default [] */
  readonly scopes?: readonly string[]
}

/** A grant of the authorization server, as far as the provider behind it matters. */
export interface UpstreamGrant {
  readonly subject: string
  readonly provider?: string | undefined
}

/** The tokens that providers issued for your users, sealed at rest and refreshed on use. */
export interface UpstreamTokens {
  /** Keeps what a login brought; it replaces what an earlier login brought. */
  put(subject: string, provider: string, tokens: ProviderTokens): Promise<void>
  /**
   * An access token that lasts for another minute at least, where the provider tells how long. However many ask, it is refreshed once.
   *
   * @throws {OAuthError} `invalid_grant` when there are no tokens or the provider has ended them, `insufficient_scope` when it
   * granted less, `temporarily_unavailable` when it cannot be asked now
   */
  accessToken(subject: string, provider: string, use?: TokenUse): Promise<string>
  /**
   * Forgets the tokens and gives them back to the provider, where it takes them. Pass it to the authorization server as
   * `onLastLogout`, and it happens when nothing here needs them any more.
   *
   * @throws {OAuthError} when the provider refuses or cannot be asked; the tokens are forgotten all the same
   */
  readonly end: (grant: UpstreamGrant) => Promise<void>
  /**
   * Whether a grant may go on: pass it to the authorization server as `checkGrant`, and what the provider has ended ends there, too.
   *
   * @throws {OAuthError} `invalid_grant` when the provider has ended it, `temporarily_unavailable` when it cannot be asked now
   */
  readonly checkGrant: (grant: UpstreamGrant) => Promise<void>
}

const margin = 60_000

/**
 * Keeps the tokens of providers.
 *
 * @throws {TypeError} when two providers have one id, or the lifetime is no positive number
 * @example
 * <!-- prelude
 * declare const google: import('@gatewright/provider').Provider
 * declare const storage: import('@gatewright/storage').Storage, secret: string
 * -->
 * ```ts
 * import { createVault } from '@gatewright/storage/vault'
 *
 * const upstream = createUpstreamTokens({ storage, vault: createVault({ secrets: secret }), providers: [google] })
 * const token = await upstream.accessToken('user-1', 'google', { scopes: ['calendar.read'] })
 * ```
 */
export function createUpstreamTokens(options: UpstreamTokensOptions): UpstreamTokens {
  const { lifetime = 7_776_000, runtime = defaultRuntime } = options
  if (!(lifetime > 0)) throw new TypeError('lifetime must be a positive number of seconds')
  const providers = new Map(options.providers.map((provider) => [provider.id, provider]))
  if (providers.size < options.providers.length) throw new TypeError('two providers have the same id')
  const store = createTokenStore({ ...options, lifetime })
  const find = (id: string): Provider => {
    const provider = providers.get(id)
    if (provider === undefined) throw new TypeError(`there is no provider "${id}"`)
    return provider
  }
  const running = new Map<string, Promise<ProviderTokens>>()

  function refresh(stored: StoredTokens, provider: Provider): Promise<ProviderTokens> {
    const name = JSON.stringify([stored.provider, stored.subject])
    const current =
      running.get(name) ??
      refreshOnce(stored, provider, store, runtime.now()).finally(() => running.delete(name))
    running.set(name, current)
    return current
  }

  async function current(subject: string, provider: Provider): Promise<ProviderTokens | undefined> {
    const now = runtime.now()
    const stored = await store.read(subject, provider.id, now)
    if (stored === undefined) return undefined
    if (stored.tokens === undefined)
      throw new OAuthError('invalid_grant', `the access at ${provider.displayName} has ended`)
    const { expiresAt, refreshToken } = stored.tokens
    if (expiresAt === undefined || expiresAt > now + margin) return stored.tokens
    if (refreshToken !== undefined) return refresh(stored, provider)
    return expiresAt > now ? stored.tokens : undefined
  }

  return {
    put: (subject, provider, tokens) => store.put(subject, find(provider).id, tokens, runtime.now()),
    async accessToken(subject, id, { scopes = [] } = {}) {
      const provider = find(id)
      const tokens = await current(subject, provider)
      if (tokens === undefined)
        throw new OAuthError('invalid_grant', `the user has to sign in with ${provider.displayName} again`)
      const granted = tokens.scope === undefined ? undefined : parseGranted(tokens.scope)
      const missing = granted === undefined ? [] : scopes.filter((scope) => !granted.has(scope))
      if (missing.length > 0)
        throw new OAuthError(
          'insufficient_scope',
          `${provider.displayName} did not grant ${formatScope(missing)}`,
        )
      return tokens.accessToken
    },
    async end({ subject, provider: id }) {
      const provider = providers.get(id ?? '')
      if (provider === undefined) return
      const stored = await store.read(subject, provider.id, runtime.now())
      await store.delete(subject, provider.id, runtime.now())
      if (stored?.tokens !== undefined) await provider.revoke(stored.tokens)
    },
    async checkGrant({ subject, provider: id }) {
      const provider = providers.get(id ?? '')
      if (provider !== undefined) await current(subject, provider)
    },
  }
}

/** Some providers separate scopes by commas. */
function parseGranted(scope: string): ReadonlySet<string> {
  return new Set(scope.includes(',') ? scope.split(/[ ,]+/) : parseScope(scope))
}
