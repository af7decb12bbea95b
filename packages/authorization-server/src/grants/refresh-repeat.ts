import { constantTimeEqual } from '@gatewright/core'
import type { AuthorizationDetail, Confirmation } from '@gatewright/core'
import type { Key, Operation, Stored } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import type { ServerContext } from '../server-context.ts'
import type { TokenResponse } from './grant-type.ts'

/** The answer to a refresh, kept for a short while for the same question. */
export interface RefreshRepeat {
  readonly scopes: readonly string[]
  readonly resource: string | undefined
  /** What the access token in the answer is bound to. */
  readonly confirmation: Confirmation | undefined
  readonly details?: readonly AuthorizationDetail[] | undefined
  readonly response: TokenResponse
}

/** What is stored: the hash of the token that was presented, and the answer, sealed under that token. */
interface SealedRepeat {
  readonly schema: 1
  readonly presented: string
  readonly sealed: string
}

/** A refresh token as it was presented, and its hash. */
export interface Presented {
  readonly token: string
  readonly hash: string
}

const context = 'refresh_repeat'

/**
 * The key of the answer that a grant's latest refresh got. There is one for each grant, which the next takes the place of: once the
 * successor of a token is used, that token has no answer any more.
 */
export function repeatKey(grantId: string, server: ServerContext): Key {
  return server.grants.key(grantId, 'refresh_repeats', grantId)
}

/**
 * The change that keeps an answer in the place of the one before, if that is still there. It is sealed under a key that only the
 * presented token gives, so that a stolen table shows nothing.
 */
export async function keepRepeat(
  repeat: RefreshRepeat,
  { token, hash }: Presented,
  key: Key,
  before: Stored | undefined,
  expiresAt: number,
): Promise<Operation> {
  const sealed = await createVault({ secrets: token }).seal(JSON.stringify(repeat), context)
  const value = { schema: 1, presented: hash, sealed } satisfies SealedRepeat
  return before === undefined
    ? { type: 'insert', key, value, expiresAt }
    : { type: 'replace', key, revision: before.revision, value, expiresAt }
}

/** The answer that a token got, or `undefined` when what is kept answers another token. */
export async function openRepeat(
  { token, hash }: Presented,
  stored: Stored | undefined,
): Promise<RefreshRepeat | undefined> {
  if (stored === undefined) return undefined
  const { presented, sealed } = stored.value as SealedRepeat
  if (!constantTimeEqual(presented, hash)) return undefined
  return JSON.parse(await createVault({ secrets: token }).open(sealed, context)) as RefreshRepeat
}
