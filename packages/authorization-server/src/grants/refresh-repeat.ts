import { createVault } from '@gatewright/storage/vault'
import type { AuthorizationDetail, Confirmation } from '@gatewright/core'
import type { Key, Stored } from '@gatewright/storage'
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

const context = 'refresh_repeat'

/** The key of the answer that a presented refresh token got; `hash` is the token's. */
export function repeatKey(grantId: string, hash: string, server: ServerContext): Key {
  return server.grants.key(grantId, 'refresh_repeats', hash)
}

/** Seals an answer under a key that only the presented token gives, so that a stolen table shows nothing. */
export async function sealRepeat(
  presented: string,
  repeat: RefreshRepeat,
): Promise<{ schema: 1; sealed: string }> {
  return {
    schema: 1,
    sealed: await createVault({ secrets: presented }).seal(JSON.stringify(repeat), context),
  }
}

/** Opens a sealed answer with the token that it was sealed under. */
export async function openRepeat(presented: string, { value }: Stored): Promise<RefreshRepeat> {
  const { sealed } = value as { sealed: string }
  return JSON.parse(await createVault({ secrets: presented }).open(sealed, context)) as RefreshRepeat
}
