import { OAuthError } from '@gatewright/core'
import type { ProviderTokens } from '@gatewright/core'
import type { Provider } from '../provider.ts'
import type { StoredTokens, TokenStore } from './token-store.ts'

/**
 * Refreshes tokens in one process at a time: a provider that rotates refresh tokens takes two uses of one for a theft.
 *
 * @throws {OAuthError} `invalid_grant` when the provider has ended them, `temporarily_unavailable` when it cannot be asked, or another process is asking
 */
export async function refreshOnce(
  stored: StoredTokens,
  provider: Provider,
  store: TokenStore,
  now: number,
): Promise<ProviderTokens> {
  const { tokens, subject } = stored
  if (tokens === undefined) throw ended(provider)
  if (!(await store.lock(stored, now))) return whatOthersGot(stored, provider, store, now)
  try {
    const refreshed = await provider.refresh(tokens)
    // When a login put newer tokens there meanwhile, those stay; what was just issued is good all the same.
    if (!(await store.replace(stored, refreshed, now))) await store.unlock(stored, now)
    return refreshed
  } catch (thrown) {
    const isEnd = thrown instanceof OAuthError && thrown.code === 'invalid_grant'
    // The mark stays, so that every other grant of this user learns of it.
    const marked = isEnd && (await store.replace(stored, undefined, now))
    if (!marked) await store.unlock(stored, now)
    const newer = isEnd && !marked ? await store.read(subject, provider.id, now) : undefined
    if (newer?.tokens !== undefined) return newer.tokens
    throw thrown
  }
}

/** Another process refreshes: its result when it is there, the old token as long as it lasts, or a request to come again. */
async function whatOthersGot(
  { subject, revision, tokens }: StoredTokens,
  provider: Provider,
  store: TokenStore,
  now: number,
): Promise<ProviderTokens> {
  const latest = await store.read(subject, provider.id, now)
  if (latest !== undefined && latest.revision !== revision) {
    if (latest.tokens === undefined) throw ended(provider)
    return latest.tokens
  }
  if (latest !== undefined && tokens !== undefined && (tokens.expiresAt ?? 0) > now) return tokens
  throw new OAuthError('temporarily_unavailable', `the access at ${provider.displayName} is being renewed`, {
    headers: { 'retry-after': '1' },
  })
}

function ended(provider: Provider): OAuthError {
  return new OAuthError('invalid_grant', `the access at ${provider.displayName} has ended`)
}
