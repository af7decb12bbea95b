import { constantTimeEqual, encodeBase64url, sha256Base64url } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'

const grantIdLength = 22

/** A new grant id: 128 random bits. Codes and refresh tokens carry it openly, so that one key finds all of a grant. */
export function createGrantId(runtime: Runtime): string {
  return encodeBase64url(runtime.randomBytes(16))
}

/** Whether a text could be the id of a grant. */
export function isGrantId(text: string): boolean {
  return /^[\w-]{22}$/.test(text)
}

/** A new authorization code of a grant: its id and 256 secret bits. */
export function createCode(grantId: string, secret: string): string {
  return `${grantId}.${secret}`
}

/** The grant that a code claims to belong to, or `undefined` when it cannot be a code of ours. */
export function grantIdOfCode(code: string): string | undefined {
  return /^[\w-]{22}\.[\w-]{43}$/.test(code) ? code.slice(0, grantIdLength) : undefined
}

/** A refresh token, taken apart. */
export interface RefreshTokenParts {
  readonly grantId: string
  readonly generation: number
  /** Shared by all tokens of the family; its hash is in the grant. */
  readonly family: string
  readonly hash: string
  /** Everything before the digest. */
  readonly content: string
  readonly digest: string
}

// Both are multiples of three, so that their texts can be joined and parted without decoding them.
const familyBytes = 18
const secretBytes = 24

/** The part that all tokens of a new family share. */
export function createFamily(runtime: Runtime): string {
  return encodeBase64url(runtime.randomBytes(familyBytes))
}

/**
 * A new refresh token: the grant's id, its generation, the family's secret with its own, and a digest of these.
 *
 * The digest tells a token that was once issued, whose reuse means theft, from one that was merely garbled. It needs no key, at
 * rest or anywhere: what it is over holds the family's secret, which the hash in the grant is compared with.
 */
export async function createRefreshToken(
  grantId: string,
  generation: number,
  family: string,
  runtime: Runtime,
): Promise<string> {
  const content = `${grantId}.${generation}.${family}${encodeBase64url(runtime.randomBytes(secretBytes))}`
  return `${content}.${await digestOf(content)}`
}

/**
 * Takes a refresh token apart, or gives `undefined` when it cannot be one of ours. Whether it was ever issued is for
 * {@link isGenuine} to say, and whether it is current for the grant.
 */
export async function readRefreshToken(token: string): Promise<RefreshTokenParts | undefined> {
  const [, content, grantId, generation, family, digest] =
    /^(([\w-]{22})\.(\d{1,9})\.([\w-]{24})[\w-]{32})\.([\w-]{22})$/.exec(token) ?? []
  if (!content || !grantId || !generation || !family || !digest) return undefined
  const hash = await sha256Base64url(token)
  return { grantId, generation: Number(generation), family, hash, content, digest }
}

/** Whether a refresh token is whole: made by whoever knows the secrets in it, and not merely garbled. */
export async function isGenuine({ content, digest }: RefreshTokenParts): Promise<boolean> {
  return constantTimeEqual(await digestOf(content), digest)
}

/** The first 132 bits of the digest: enough that no garbling meets it. */
async function digestOf(content: string): Promise<string> {
  return (await sha256Base64url(content)).slice(0, 22)
}
