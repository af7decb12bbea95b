import { sha256Base64url } from '@gatewright/core'
import type { Identity } from '@gatewright/core'

/** One text for what a user is known by, to look the user up under: of the provider, its issuer and the subject there. */
export async function identityKey({
  provider,
  issuer,
  subject,
}: Pick<Identity, 'provider' | 'issuer' | 'subject'>): Promise<string> {
  return sha256Base64url(JSON.stringify([provider, issuer, subject]))
}
