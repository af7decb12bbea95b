import { constantTimeEqual, sha256Base64url } from '@gatewright/core'
import type { Client } from '../clients/client.ts'

/** Whether a presented secret is one of the client's active ones. Compares digests, each of them, in constant time. */
export async function verifySecret(
  client: Client,
  secret: string | undefined,
  now: number,
): Promise<boolean> {
  if (secret === undefined) return false
  if (client.secretsExpireAt !== undefined && client.secretsExpireAt <= now) return false
  const presented = await sha256Base64url(secret)
  return client.secretHashes.reduce((found, hash) => constantTimeEqual(hash, presented) || found, false)
}
