import { decodeBase64url, deriveSealingKey, encodeBase64url } from '#platform'
import type { SealingKey } from './sealing-key.ts'
import { nonceLength } from './sealing-key-input.ts'
import { VaultError } from './vault-error.ts'

/**
 * Options of {@link createVault}.
 *
 * @group Vault
 */
export interface VaultOptions {
  /**
   * The secret, or several for rotation: the first seals, all open. Each at least 32 characters of randomness (a
   * password is not one: nothing here slows guessing down).
   */
  readonly secrets: string | readonly string[]
}

/**
 * Seals texts and opens them again.
 *
 * @group Vault
 */
export interface Vault {
  /**
   * Encrypts a text with AES-256-GCM under the first secret. `context` says what the text belongs to (the id of its
   * row): it is not stored in the result, and only the same context opens it, so that a sealed text that was copied
   * to another row is worthless.
   *
   * The length of the text shows. Up to 2^32 texts may be sealed under one secret; rotate before.
   *
   * @throws TypeError (as a rejection) for an empty context, or a lone surrogate in either.
   * @see [NIST SP 800-38D §8.3 - Constraints on the Number of Invocations](https://doi.org/10.6028/NIST.SP.800-38D)
   */
  seal(plaintext: string, context: string): Promise<string>

  /**
   * Decrypts what `seal` returned, whichever of the secrets sealed it.
   *
   * @throws VaultError (as a rejection) when no secret fits, or text or context are not those that were sealed.
   */
  open(sealed: string, context: string): Promise<string>
}

// version "." key name (8 bytes) "." nonce and ciphertext
const shape = /^v1\.([\w-]{11})\.([\w-]{38,})$/
const nonces = new Uint8Array(nonceLength * 128)
let usedNonces = nonces.length

/**
 * Creates a vault: encryption at rest with keys derived from one or more secrets. It keeps nothing, so it works the
 * same in every process that has the secrets.
 *
 * To rotate, put a new secret first and keep the old ones as long as something sealed by them exists.
 *
 * @throws TypeError without a secret, or when one has fewer than 32 characters.
 * @example
 * <!-- prelude
 * declare const currentSecret: string, previousSecret: string, refreshToken: string, userId: string
 * -->
 * ```ts
 * const vault = createVault({ secrets: [currentSecret, previousSecret] })
 * const sealed = await vault.seal(refreshToken, `upstream:${userId}`)
 * const token = await vault.open(sealed, `upstream:${userId}`)
 * ```
 * @see [RFC 5116 §5.2 - AEAD_AES_256_GCM](https://www.rfc-editor.org/rfc/rfc5116.html#section-5.2)
 * @group Vault
 */
export function createVault(options: VaultOptions): Vault {
  const secrets = typeof options.secrets === 'string' ? [options.secrets] : [...options.secrets]
  if (secrets.length === 0) throw new TypeError('a vault needs at least one secret')
  if (secrets.some((secret) => typeof secret !== 'string' || secret.length < 32))
    throw new TypeError('every secret of a vault must be a string of at least 32 characters')

  // Derived at the first use: some runtimes allow no cryptography while modules load.
  let derived: Promise<readonly SealingKey[]> | undefined
  const keys = () => (derived ??= Promise.all(secrets.map(deriveSealingKey)))

  return {
    async seal(plaintext, context) {
      verifyText('plaintext', plaintext)
      verifyContext(context)
      const [first] = await keys()
      if (first === undefined) throw new TypeError('a vault needs at least one secret')
      const payload = await first.encrypt(createNonce(), bound(first.id, context), plaintext)
      return `v1.${first.id}.${encodeBase64url(payload)}`
    },
    async open(sealed, context) {
      verifyContext(context)
      const [, id = '', text = ''] = shape.exec(sealed) ?? []
      const payload = decodeBase64url(text)
      if (id === '' || payload === undefined) throw new VaultError('malformed', 'this is not a sealed text')
      const match = (await keys()).find((key) => key.id === id)
      if (match === undefined)
        throw new VaultError('unknown_key', 'no secret of the vault has sealed this text')
      try {
        const plaintext = await match.decrypt(payload, bound(id, context))
        return new TextDecoder('utf-8', { ignoreBOM: true }).decode(plaintext)
      } catch {
        throw new VaultError('tampered', 'the sealed text or its context was changed')
      }
    },
  }
}

/** A nonce out of many that were made at once: asking the system for one costs as much as a seal. */
function createNonce(): Uint8Array<ArrayBuffer> {
  if (usedNonces === nonces.length) {
    crypto.getRandomValues(nonces)
    usedNonces = 0
  }
  return nonces.slice(usedNonces, (usedNonces += nonceLength))
}

/** What a ciphertext is bound to besides its key. */
function bound(id: string, context: string): string {
  return `gatewright/vault/v1\0${id}\0${context}`
}

function verifyContext(context: string): void {
  verifyText('context', context)
  if (context === '') throw new TypeError('context must not be empty')
}

function verifyText(name: string, text: string): void {
  if (typeof text !== 'string') throw new TypeError(`${name} must be a string`)
  // UTF-8 has no lone surrogates: all of them would become one and the same character.
  if (!text.isWellFormed()) throw new TypeError(`${name} must not contain a lone surrogate`)
}
