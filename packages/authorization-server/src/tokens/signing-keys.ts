import type { Signer } from '@gatewright/core'
import type { Storage } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import { checkDuration } from '../check-duration.ts'
import { openKeyRing } from './key-ring.ts'
import type { ManagedKeys } from './managed-keys.ts'

const day = 86_400
const algorithms = ['ES256', 'RS256', 'EdDSA'] as const

/** The algorithms that generated keys may have. */
export type SigningAlgorithm = (typeof algorithms)[number]

/** How signing keys are made and kept. */
export interface SigningKeysOptions {
  /**
   * The secret, 32 characters or more, under which private keys are encrypted at rest; several while it is being
   * changed, newest first. `false` keeps them readable in the storage.
   */
  readonly seal: string | readonly string[] | false
  /** @default 'ES256' */
  readonly algorithm?: SigningAlgorithm
  /** Seconds for which a key signs. @default 7776000 (90 days) */
  readonly rotateEvery?: number
  /** Seconds for which a key is published before it signs, at most `rotateEvery`. @default 86400 */
  readonly publishAhead?: number
  /**
   * Seconds for which a key stays published after it signed last, at most `rotateEvery`; not below the longest token
   * lifetime. @default 86400
   */
  readonly keepAfter?: number
}

/** What a key service works with. */
export interface KeyServices {
  readonly storage: Storage
  readonly partition: string
}

/** The keys of one server at work. */
export interface KeyRing {
  /** The key that signs now. With an algorithm, the one of that algorithm. @throws {TypeError} when there is none */
  signer(now: number, algorithm?: string): Promise<Signer>
  /** The public keys: the one that signs, those that signed what may still be in use, and the next. */
  jwks(now: number): Promise<{ keys: JsonWebKey[] }>
  /** What an administrator does about the keys. Absent where they are kept elsewhere. */
  readonly managed?: ManagedKeys
}

/** Where a server's signing keys come from. */
export interface SigningKeys {
  /** The algorithms of the keys, that of the one that signs first. */
  readonly algorithms: readonly [string, ...string[]]
  /** Seconds for which a key verifies after it signed last: no token may live longer. Absent: nothing is checked. */
  readonly keepAfter?: number
  open(services: KeyServices): KeyRing
}

/**
 * Signing keys that are generated when first needed, kept in the storage, shared by all processes and rotated by the clock.
 *
 * A key's record is named after its period, so that of several processes that start at once exactly one makes the key. What an
 * administrator does about keys, `server.keys`, reaches every process within half a minute.
 *
 * @throws {TypeError} when the seal is missing or shorter than 32 characters, the algorithm is unknown, or a duration is
 *   not positive or longer than the period
 */
export function signingKeys(options: SigningKeysOptions): SigningKeys {
  const { seal, algorithm = 'ES256', rotateEvery = 7_776_000 } = options
  const { publishAhead = Math.min(day, rotateEvery), keepAfter = Math.min(day, rotateEvery) } = options
  checkDuration('signingKeys: rotateEvery', rotateEvery)
  // Only the key of one period is published beside the current one, before it and after it.
  checkDuration('signingKeys: publishAhead', publishAhead, 1, rotateEvery)
  checkDuration('signingKeys: keepAfter', keepAfter, 1, rotateEvery)
  if (!algorithms.includes(algorithm))
    throw new TypeError(`signingKeys: algorithm must be one of ${algorithms.join(', ')}, got "${algorithm}"`)
  if (seal === undefined)
    throw new TypeError(
      'signingKeys: seal is missing; pass a secret of 32 characters or more, or false to keep keys readable',
    )
  const vault = seal === false ? undefined : createVault({ secrets: seal })
  const schedule = { period: rotateEvery * 1000, ahead: publishAhead * 1000, keep: keepAfter * 1000 }
  return {
    algorithms: [algorithm],
    keepAfter,
    open: (services) => openKeyRing(algorithm, schedule, vault, services),
  }
}
