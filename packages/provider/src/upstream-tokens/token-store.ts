import { sha256Base64url } from '@gatewright/core'
import type { ProviderTokens } from '@gatewright/core'
import type { Key, Revision, Storage } from '@gatewright/storage'
import type { Vault } from '@gatewright/storage/vault'

/** The tokens of one user at one provider, as they were read. */
export interface StoredTokens {
  readonly subject: string
  readonly provider: string
  /** Absent: the provider has ended them. */
  readonly tokens: ProviderTokens | undefined
  readonly revision: Revision
}

/** Keeps sealed tokens. */
export interface TokenStore {
  read(subject: string, provider: string, now: number): Promise<StoredTokens | undefined>
  /** Keeps tokens, whatever was there. */
  put(subject: string, provider: string, tokens: ProviderTokens, now: number): Promise<void>
  /** Changes what was read, and lets others refresh again. `undefined` marks it as ended. `false` when somebody else was first. */
  replace(stored: StoredTokens, tokens: ProviderTokens | undefined, now: number): Promise<boolean>
  delete(subject: string, provider: string, now: number): Promise<void>
  /** Takes the right to refresh, for half a minute. `false` while somebody else has it. */
  lock(stored: StoredTokens, now: number): Promise<boolean>
  unlock(stored: StoredTokens, now: number): Promise<void>
}

const lockLifetime = 30_000

/** Keeps tokens in a storage; the partition is the user's, named by a hash. */
export function createTokenStore({
  storage,
  vault,
  namespace = 'upstream',
  lifetime,
}: {
  readonly storage: Storage
  readonly vault: Vault
  readonly namespace?: string
  readonly lifetime: number
}): TokenStore {
  const keyOf = async (subject: string, id: string, collection: string): Promise<Key> => ({
    partition: `${namespace}:${await sha256Base64url(subject)}`,
    collection,
    id,
  })
  const tokensKey = (subject: string, provider: string) => keyOf(subject, provider, 'upstream_tokens')
  const lockKey = (subject: string, provider: string) => keyOf(subject, provider, 'upstream_refreshes')
  // A sealed text that was copied to another user or provider does not open there.
  const contextOf = (subject: string, provider: string) => JSON.stringify(['upstream', provider, subject])
  const seal = async (subject: string, provider: string, tokens: ProviderTokens | undefined) =>
    tokens === undefined
      ? { schema: 1 }
      : { schema: 1, sealed: await vault.seal(JSON.stringify(tokens), contextOf(subject, provider)) }

  return {
    async read(subject, provider, now) {
      const [stored] = await storage.get([await tokensKey(subject, provider)], now)
      if (stored === undefined) return undefined
      const { sealed } = stored.value as { sealed?: string }
      const tokens =
        sealed === undefined
          ? undefined
          : (JSON.parse(await vault.open(sealed, contextOf(subject, provider))) as ProviderTokens)
      return { subject, provider, tokens, revision: stored.revision }
    },
    async put(subject, provider, tokens, now) {
      const key = await tokensKey(subject, provider)
      const value = await seal(subject, provider, tokens)
      const expiresAt = now + lifetime * 1000
      for (let round = 0; round < 5; round++) {
        const [stored] = await storage.get([key], now)
        const operation =
          stored === undefined
            ? ({ type: 'insert', key, value, expiresAt } as const)
            : ({ type: 'replace', key, revision: stored.revision, value, expiresAt } as const)
        if (await storage.commit([operation], now)) return
      }
      throw new Error('the tokens of one user are being changed all the time')
    },
    async replace({ subject, provider, revision }, tokens, now) {
      const key = await tokensKey(subject, provider)
      const value = await seal(subject, provider, tokens)
      const expiresAt = now + lifetime * 1000
      const unlock = { type: 'delete', key: await lockKey(subject, provider) } as const
      return storage.commit([{ type: 'replace', key, revision, value, expiresAt }, unlock], now)
    },
    async delete(subject, provider, now) {
      await storage.commit([{ type: 'delete', key: await tokensKey(subject, provider) }], now)
    },
    async lock({ subject, provider, revision }, now) {
      const check = { type: 'check', key: await tokensKey(subject, provider), revision } as const
      const key = await lockKey(subject, provider)
      return storage.commit([check, { type: 'insert', key, value: true, expiresAt: now + lockLifetime }], now)
    },
    async unlock({ subject, provider }, now) {
      await storage.commit([{ type: 'delete', key: await lockKey(subject, provider) }], now)
    },
  }
}
