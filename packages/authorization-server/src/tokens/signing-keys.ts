import type { Signer } from '@gatewright/core'
import type { Storage } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import type { Vault } from '@gatewright/storage/vault'
import { checkDuration } from '../check-duration.ts'
import { createKeyRecord, loadSigner } from './key-record.ts'
import type { KeyRecord } from './key-record.ts'

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
  /** The key that signs now. */
  signer(now: number): Promise<Signer>
  /** The public keys: the one that signs, those that signed what may still be in use, and the next. */
  jwks(now: number): Promise<{ keys: JsonWebKey[] }>
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
 * A key's record is named after its period, so that of several processes that start at once exactly one makes the key.
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

interface Schedule {
  readonly period: number
  readonly ahead: number
  readonly keep: number
}

interface LoadedKey {
  readonly signer: Signer
}

function openKeyRing(
  algorithm: SigningAlgorithm,
  schedule: Schedule,
  vault: Vault | undefined,
  { storage, partition }: KeyServices,
): KeyRing {
  const loaded = new Map<number, Promise<LoadedKey | undefined>>()
  const key = (period: number) => ({
    partition,
    collection: 'signing_keys',
    id: `${algorithm}.${schedule.period / 1000}.${period}`,
  })

  async function fetchKey(period: number, create: boolean, now: number): Promise<LoadedKey | undefined> {
    const [stored] = await storage.get([key(period)], now)
    if (stored !== undefined) return { signer: await loadSigner(stored.value as KeyRecord, vault) }
    if (!create) return undefined
    const record = await createKeyRecord(algorithm, vault)
    const expiresAt = (period + 1) * schedule.period + schedule.keep
    await storage.commit([{ type: 'insert', key: key(period), value: { ...record }, expiresAt }], now)
    // Whoever was first, the stored record decides.
    return fetchKey(period, false, now)
  }

  /** One load per period, however many requests wait for it; a failed one is tried again. */
  function load(period: number, create: boolean, now: number): Promise<LoadedKey | undefined> {
    const known = loaded.get(period)
    if (known !== undefined) return known
    const loading = fetchKey(period, create, now)
    loaded.set(period, loading)
    loading.then(
      // A key that is not there may be made yet, by a process whose clock is behind or by this one when its clock is set back.
      (found) => found === undefined && loaded.delete(period),
      () => loaded.delete(period),
    )
    for (const old of loaded.keys()) if (old < period - 2) loaded.delete(old)
    return loading
  }

  return {
    async signer(now) {
      const active = await load(Math.floor(now / schedule.period), true, now)
      if (active === undefined) throw new Error('the storage lost the signing key that was just stored')
      return active.signer
    },
    async jwks(now) {
      const period = Math.floor(now / schedule.period)
      const wanted = [load(period, true, now)]
      if (now < period * schedule.period + schedule.keep) wanted.push(load(period - 1, false, now))
      if (now >= (period + 1) * schedule.period - schedule.ahead) wanted.push(load(period + 1, true, now))
      const keys = await Promise.all(wanted)
      return { keys: keys.flatMap((found) => (found === undefined ? [] : [found.signer.publicJwk])) }
    },
  }
}
