import { constantTimeEqual, decodeBase64url, defaultRuntime, encodeBase64url } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'

const rounds = 6
// Some runtimes refuse more at once, so the work is done in rounds, each of which starts from what the one before gave.
const iterationsPerRound = 100_000
const maximumRounds = 100
const pattern = /^pbkdf2-sha256\$(\d{1,3})x100000\$([\w-]{22,86})\$([\w-]{43})$/

/**
 * Hashes a client secret that a person chose, for the option `client_secret_hash`. It takes some tenths of a second, here and at
 * every guess. A generated secret of 128 bits or more needs none of this: the server keeps its SHA-256.
 *
 * @see [RFC 8018 §5.2 - PBKDF2](https://www.rfc-editor.org/rfc/rfc8018.html#section-5.2)
 */
export async function hashClientSecret(
  secret: string,
  runtime: Pick<Runtime, 'randomBytes'> = defaultRuntime,
): Promise<string> {
  const salt = encodeBase64url(runtime.randomBytes(16))
  return `pbkdf2-sha256$${rounds}x${iterationsPerRound}$${salt}$${await derive(secret, salt, rounds)}`
}

/** Whether a text is a hash of a secret: one of {@link hashClientSecret}, or a SHA-256 in base64url. */
export function isSecretHash(hash: string): boolean {
  const count = Number(pattern.exec(hash)?.[1] ?? 0)
  return /^[\w-]{43}$/.test(hash) || (count >= 1 && count <= maximumRounds)
}

/** Whether a hash is a slow one. */
export function isSlowHash(hash: string): boolean {
  return hash.startsWith('pbkdf2-')
}

/** Whether a slow hash is that of the secret. Digests are compared, in constant time. */
export async function isSecretOf(hash: string, secret: string): Promise<boolean> {
  const [, count = '', salt = '', digest = ''] = pattern.exec(hash) ?? []
  return isSecretHash(hash) && constantTimeEqual(digest, await derive(secret, salt, Number(count)))
}

async function derive(secret: string, salt: string, count: number): Promise<string> {
  const parameters = {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt: decodeBase64url(salt) ?? new Uint8Array(),
    iterations: iterationsPerRound,
  }
  let bytes: Uint8Array<ArrayBuffer> = new TextEncoder().encode(secret)
  for (let round = 0; round < count; round++) {
    const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits'])
    bytes = new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256))
  }
  return encodeBase64url(bytes)
}
