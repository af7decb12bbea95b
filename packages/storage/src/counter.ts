import { hashId } from '#platform'
import type { Key } from './key.ts'
import type { Operation } from './operation.ts'
import type { Storage } from './storage.ts'
import { StorageError } from './storage-error.ts'
import type { Stored } from './stored.ts'
import { verifyInstant } from './verify-instant.ts'

/**
 * Counts what may happen only so often in a while: wrong verifiers for a code, registrations from one address.
 *
 * @group Ports
 */
export interface Counter {
  /**
   * Counts one more and tells whether it was within the limit.
   *
   * The window is fixed: it begins with the first hit and lasts `window` seconds, whatever follows. A refused hit
   * is not counted and writes nothing.
   *
   * Atomicity: exact. Of any number of parallel hits, in any number of processes that share the storage, `limit` are
   * allowed per window. Hits on one key in one process are written together, so a flood on it costs one read at a
   * time.
   *
   * @throws TypeError (as a rejection) for a malformed option.
   * @throws StorageError (as a rejection) with `busy` when other processes won 100 times in a row; nothing was
   *   counted: treat it as refused.
   */
  hit(key: string, options: HitOptions): Promise<Hit>
}

/**
 * The rule that one hit is measured by.
 *
 * @group Ports
 */
export interface HitOptions {
  /** Length of the window in seconds. */
  readonly window: number
  /** How many hits a window allows; `0` allows none. */
  readonly limit: number
  /** Instant in milliseconds. */
  readonly now: number
}

/**
 * The answer to one hit.
 *
 * @group Ports
 */
export interface Hit {
  readonly allowed: boolean
  /** The allowed hits of the window, this one included when it was allowed. */
  readonly count: number
  /** Instant in milliseconds at which the window ends. */
  readonly resetAt: number
}

/**
 * Options of {@link createCounter}.
 *
 * @group Ports
 */
export interface CounterOptions {
  /**
   * What the partitions of this counter start with: keeps tenants, and counters of different meaning, apart.
   *
   * @default 'counters'
   */
  readonly namespace?: string
}

interface Waiting extends HitOptions {
  readonly resolve: (hit: Hit) => void
  readonly reject: (reason: unknown) => void
}

const rounds = 100

/**
 * Creates a counter on any storage. Keys are stored as SHA-256 hashes, so they may have any length and content.
 *
 * @example
 * <!-- prelude
 * const storage = createMemoryStorage()
 * declare const ip: string
 * -->
 * ```ts
 * const counter = createCounter(storage)
 * const { allowed, resetAt } = await counter.hit(`register:${ip}`, { window: 3600, limit: 20, now: Date.now() })
 * ```
 * @group Ports
 */
export function createCounter(
  storage: Pick<Storage, 'get' | 'commit'>,
  options: CounterOptions = {},
): Counter {
  const { namespace = 'counters' } = options
  if (namespace === '') throw new TypeError('namespace must not be empty')
  const queues = new Map<string, Waiting[]>()

  function enqueue(text: string, waiting: Waiting): void {
    const queue = queues.get(text)
    if (queue === undefined) {
      const own = [waiting]
      queues.set(text, own)
      void drain(text, own)
    } else queue.push(waiting)
  }

  async function drain(text: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0)
      try {
        const hits = await count(storage, await keyOf(namespace, text), batch)
        batch.forEach(({ resolve }, index) => resolve(hits[index] as Hit))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    queues.delete(text)
  }

  return {
    async hit(key, { window, limit, now }) {
      verifyHit(key, window, limit)
      verifyInstant('now', now)
      return new Promise((resolve, reject) => {
        enqueue(key, { window, limit, now, resolve, reject })
      })
    },
  }
}

async function count(
  storage: Pick<Storage, 'get' | 'commit'>,
  key: Key,
  batch: readonly Waiting[],
): Promise<Hit[]> {
  // The earliest clock of the batch: no window is over that is still open for one of them.
  const now = Math.min(...batch.map((waiting) => waiting.now))
  for (let round = 0; round < rounds; round++) {
    const [stored] = await storage.get([key], now)
    const { hits, operation } = play(stored, key, batch)
    if (operation === undefined || (await storage.commit([operation], now))) return hits
  }
  throw new StorageError('busy', `a counter lost ${rounds} rounds to other writers`)
}

/** Plays the batch against the stored window: what each gets, and what there is to write. */
function play(
  stored: Stored | undefined,
  key: Key,
  batch: readonly HitOptions[],
): { hits: Hit[]; operation: Operation | undefined } {
  let total = typeof stored?.value === 'number' ? stored.value : 0
  let resetAt = stored?.expiresAt ?? -Infinity
  let written = false
  const hits = batch.map(({ window, limit, now }) => {
    const over = resetAt <= now
    const end = over ? now + Math.ceil(window * 1000) : resetAt
    const before = over ? 0 : total
    if (before >= limit) return { allowed: false, count: before, resetAt: end }
    total = before + 1
    resetAt = end
    written = true
    return { allowed: true, count: total, resetAt }
  })
  if (!written) return { hits, operation: undefined }
  const what = { key, value: total, expiresAt: resetAt }
  return {
    hits,
    operation:
      stored === undefined
        ? { type: 'insert', ...what }
        : { type: 'replace', revision: stored.revision, ...what },
  }
}

async function keyOf(namespace: string, text: string): Promise<Key> {
  const hash = await hashId(text)
  return { partition: `${namespace}:${hash.slice(0, 2)}`, collection: 'counts', id: hash }
}

function verifyHit(key: string, window: number, limit: number): void {
  if (typeof key !== 'string' || key === '') throw new TypeError('key must be a string that is not empty')
  if (!Number.isFinite(window) || window <= 0)
    throw new TypeError('window must be a positive number of seconds')
  if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError('limit must be an integer of at least 0')
}
