import { constantTimeEqual, sha256Base64url } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { isSecretOf, isSlowHash } from './secret-hash.ts'
import { createSlowWork } from './slow-work.ts'

/** SHA-256 of secrets that a slow hash has accepted, so that a client that is right pays for it once. Never stored. */
const accepted = new WeakMap<Client, ReadonlySet<string>>()
const slowWork = createSlowWork()

/**
 * Whether a presented secret is one of the client's active ones. Compares digests, each of them, in constant time.
 *
 * @throws {OAuthError} `temporarily_unavailable` when too many slow hashes are being computed already
 */
export async function verifySecret(
  client: Client,
  secret: string | undefined,
  now: number,
): Promise<boolean> {
  if (secret === undefined) return false
  if (client.secretsExpireAt !== undefined && client.secretsExpireAt <= now) return false
  const fast = client.secretHashes.filter((hash) => !isSlowHash(hash))
  const presented = await sha256Base64url(secret)
  const known = [...fast, ...(accepted.get(client) ?? [])]
  if (known.reduce((found, hash) => constantTimeEqual(hash, presented) || found, false)) return true
  for (const hash of client.secretHashes.filter(isSlowHash)) {
    if (!(await slowWork(() => isSecretOf(hash, secret)))) continue
    accepted.set(client, new Set([...(accepted.get(client) ?? []), presented]))
    return true
  }
  return false
}
