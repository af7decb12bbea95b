import type { RedisConnection } from './redis-connection.ts'

/** Runs a Lua script on the server that holds its keys, which all lie in one slot. */
export type RedisScript = (
  connection: RedisConnection,
  keys: readonly [string, ...string[]],
  args: readonly string[],
) => Promise<unknown>

/**
 * Prepares a script: it is called by its hash, and sent whole only to a server that does not know it (yet, or any
 * more after a restart or a failover).
 */
export function createScript(source: string): RedisScript {
  let hash: Promise<string> | undefined
  return async (connection, keys, args) => {
    hash ??= sha1(source)
    const rest = [String(keys.length), ...keys, ...args]
    try {
      return await connection.send(keys[0], ['EVALSHA', await hash, ...rest])
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return connection.send(keys[0], ['EVAL', source, ...rest])
    }
  }
}

/** Redis names scripts by their SHA-1; nothing relies on it being hard to collide. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
