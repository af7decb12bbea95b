import { guardConnection } from './guard-connection.ts'
import type { RedisClient } from './redis-client.ts'
import { toConnection } from './redis-connection.ts'
import type { Send } from './redis-connection.ts'

/** A setting of a server that takes something away from the guarantees of the storage. */
export interface RedisFinding {
  /**
   * `eviction`: the server forgets records when its memory is full, also marks that something was used or revoked.
   * `no_persistence`: a restart forgets everything. `delayed_persistence`: a crash forgets the latest commits.
   * `replica`: the server lags behind another one, and may show a used code as unused. `unknown`: the server does not tell.
   */
  readonly risk: 'eviction' | 'no_persistence' | 'delayed_persistence' | 'replica' | 'unknown'
  readonly setting: 'maxmemory-policy' | 'appendonly' | 'appendfsync' | 'role'
  /** What the server says; `undefined` when it does not. */
  readonly value: string | undefined
  /** A sentence for a log. */
  readonly message: string
}

/** Seconds. */
const timeout = 10

/**
 * Reads the settings of the server (of every master of a cluster) and returns what endangers the storage: nothing
 * when it is a master, `maxmemory-policy` is `noeviction` and every write is synced. Call it at the start and log what it
 * returns; refuse to start on `eviction` and `replica`. It changes nothing, and cannot see what a hosting provider does with its disks.
 *
 * @throws StorageError (as a rejection) when the server cannot be asked.
 * @example
 * ```ts
 * import { Redis } from 'ioredis'
 *
 * for (const { risk, message } of await checkRedisSettings(new Redis())) console.warn(risk, message)
 * ```
 * @see [Redis - Key eviction](https://redis.io/docs/latest/develop/reference/eviction/)
 */
export async function checkRedisSettings(client: RedisClient): Promise<RedisFinding[]> {
  const nodes = await guardConnection(toConnection(client), timeout).nodes()
  const found = await Promise.all(nodes.map(findingsOf))
  const different = new Map(
    found.flat().map((finding) => [`${finding.setting}=${finding.value}`, finding] as const),
  )
  return [...different.values()]
}

async function findingsOf(send: Send): Promise<RedisFinding[]> {
  // INFO besides CONFIG: providers tend to forbid the latter.
  const info = parseInfo(await send(['INFO']))
  const policy = info.get('maxmemory_policy')
  const role = roleFindings(info.get('role'))
  return [...role, ...evictionFindings(policy), ...(await persistenceFindings(send, info.get('aof_enabled')))]
}

function roleFindings(role: string | undefined): RedisFinding[] {
  // Writes would fail; reads would not, and may be old.
  if (role !== 'slave') return []
  const message = 'the server is a replica, which lags behind its master: connect to the master'
  return [{ risk: 'replica', setting: 'role', value: role, message }]
}

function evictionFindings(policy: string | undefined): RedisFinding[] {
  const setting = 'maxmemory-policy'
  if (policy === 'noeviction') return []
  if (policy === undefined)
    return [{ risk: 'unknown', setting, value: policy, message: `the server does not tell its ${setting}` }]
  const message = `${setting} is ${policy}: a full server would forget that a code was used; set it to noeviction`
  return [{ risk: 'eviction', setting, value: policy, message }]
}

async function persistenceFindings(send: Send, enabled: string | undefined): Promise<RedisFinding[]> {
  if (enabled !== '1') {
    const message = 'appendonly is off: a restart forgets everything since the last snapshot'
    const risk = enabled === undefined ? 'unknown' : 'no_persistence'
    return [{ risk, setting: 'appendonly', value: enabled === undefined ? undefined : 'no', message }]
  }
  const value = await configOf(send, 'appendfsync')
  if (value === 'always') return []
  const risk = value === undefined ? 'unknown' : 'delayed_persistence'
  const message = `appendfsync is ${value ?? 'not told'}: a crash of the machine may forget the latest commits`
  return [{ risk, setting: 'appendfsync', value, message }]
}

async function configOf(send: Send, name: string): Promise<string | undefined> {
  // A pair in RESP2, a map in RESP3.
  const reply = await send(['CONFIG', 'GET', name]).catch(() => undefined)
  if (Array.isArray(reply)) return textOf(reply[1])
  if (reply instanceof Map) return textOf(reply.get(name))
  return typeof reply === 'object' && reply !== null ? textOf(Object.values(reply)[0]) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function parseInfo(reply: unknown): Map<string, string> {
  const lines = String(reply).split('\r\n')
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const),
  )
}
