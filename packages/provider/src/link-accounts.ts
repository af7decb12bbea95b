import type { Identity, ProviderTokens } from '@gatewright/core'
import { identityKey } from './identity-key.ts'

/** An e-mail address as a second way to recognize a user. Leave it out unless you need it. */
export interface LinkByEmail {
  /** The providers whose word about an e-mail address counts: those that verify it, and whose users cannot change it unverified. */
  readonly providers: readonly string[]
  /** Your user of an address, and whether your application has verified that the address is that user's. */
  find(email: string): Promise<{ readonly subject: string; readonly emailVerified: boolean } | undefined>
  /** Remembers that this identity is that user. */
  link(subject: string, key: string, identity: Identity): Promise<void>
}

/** Your user store, as far as logins at providers touch it. */
export interface AccountLinks {
  /** Your user of an identity, by the key of provider, issuer and subject. */
  find(key: string, identity: Identity): Promise<string | undefined>
  /** Makes a user of yours, remembers its key, and gives its id; `undefined` for somebody who may not come in. */
  create(key: string, identity: Identity): Promise<string | undefined>
  readonly byEmail?: LinkByEmail
  /** Called at each login once the user is known, for example to keep the tokens or refresh the profile. */
  onUser?(subject: string, identity: Identity, tokens: ProviderTokens): Promise<void>
}

/**
 * Makes the `onLogin` that recognizes users by provider, issuer and subject.
 *
 * By e-mail address only on request, only where provider and application have both verified it: otherwise whoever registers
 * a victim's address, at the provider or here, takes over or shares the victim's account.
 *
 * @see [OpenID Connect Core 1.0 §5.7](https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability)
 */
export function linkAccounts(
  links: AccountLinks,
): (identity: Identity, tokens: ProviderTokens) => Promise<string | undefined> {
  return async (identity, tokens) => {
    const key = await identityKey(identity)
    const subject =
      (await links.find(key, identity)) ??
      (await byEmail(links.byEmail, key, identity)) ??
      (await links.create(key, identity))
    if (subject !== undefined) await links.onUser?.(subject, identity, tokens)
    return subject
  }
}

async function byEmail(
  link: LinkByEmail | undefined,
  key: string,
  identity: Identity,
): Promise<string | undefined> {
  const { email, email_verified: verified } = identity.claims
  if (link === undefined || !link.providers.includes(identity.provider)) return undefined
  if (typeof email !== 'string' || verified !== true) return undefined
  const user = await link.find(email)
  if (user?.emailVerified !== true) return undefined
  await link.link(user.subject, key, identity)
  return user.subject
}
