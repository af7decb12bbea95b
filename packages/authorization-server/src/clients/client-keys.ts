import type { ServerContext } from '../server-context.ts'
import type { Client, JwkSet } from './client.ts'
import { fetchFromClient } from './fetch-from-client.ts'
import { parseJwkSet } from './jwk-set.ts'
import { createRecentMap } from './recent-map.ts'

/** The public keys of clients, wherever they are. */
export interface ClientKeys {
  /**
   * The keys of a client that may have made a signature: those with the key id, or all of them without one. A set behind a URL is
   * fetched again for an unknown key id, but not twice within 30 seconds.
   */
  find(client: Client, keyId: string | undefined): Promise<JwkSet['keys']>
}

interface KnownSet {
  readonly set: JwkSet | undefined
  /** When the last attempt began, and when the last good one did. */
  readonly askedAt: number
  readonly fetchedAt: number
}

const memorySize = 500
const maximumBytes = 65_536
const timeout = 4
const hour = 3_600_000
/** Milliseconds between two attempts, so that no stream of unknown key ids becomes one of requests. */
const pause = 30_000

const opened = new WeakMap<ServerContext, ClientKeys>()

/** The one place of a server that client keys come from; it is there once somebody asks for a key. */
export function clientKeysOf(server: ServerContext): ClientKeys {
  const keys = opened.get(server) ?? createClientKeys(server)
  opened.set(server, keys)
  return keys
}

/**
 * Creates the one place that client keys come from. The last good copy of a set serves for a day while its host does not answer.
 *
 * @see [RFC 7591 §2 - Client Metadata](https://www.rfc-editor.org/rfc/rfc7591.html#section-2)
 */
function createClientKeys(server: ServerContext): ClientKeys {
  const known = createRecentMap<KnownSet>(memorySize)
  const running = new Map<string, Promise<KnownSet>>()

  async function attempt(url: string, before: KnownSet | undefined): Promise<KnownSet> {
    const askedAt = server.now()
    let after: KnownSet = { set: before?.set, askedAt, fetchedAt: before?.fetchedAt ?? -Infinity }
    try {
      const fetcher = fetchFromClient(server, maximumBytes, timeout)
      const response = await fetcher(url, {
        headers: { accept: 'application/jwk-set+json, application/json' },
      })
      const set = response.status === 200 ? parseJwkSet(await response.json()) : 'was not found'
      if (typeof set !== 'string') after = { set, askedAt, fetchedAt: askedAt }
    } catch {
      // The copy from before stays; without one there is no key, and so no client.
    }
    known.set(url, after)
    return after
  }

  function refresh(url: string, before: KnownSet | undefined): Promise<KnownSet> {
    const pending = running.get(url)
    if (pending !== undefined) return pending
    const work = attempt(url, before).finally(() => running.delete(url))
    running.set(url, work)
    return work
  }

  async function fetched(url: string, keyId: string | undefined): Promise<JwkSet['keys']> {
    const before = known.get(url)
    const instant = server.now()
    const isFresh = before !== undefined && before.fetchedAt + hour > instant
    const hasKey = before?.set !== undefined && matching(before.set.keys, keyId).length > 0
    const mayAsk = before === undefined || before.askedAt + pause <= instant
    const current =
      mayAsk && !(isFresh && hasKey) ? await refresh(url, before) : ((await running.get(url)) ?? before)
    return current?.set === undefined || current.fetchedAt + 24 * hour <= instant
      ? []
      : matching(current.set.keys, keyId)
  }

  return {
    async find({ jwks, jwks_uri: url }, keyId) {
      if (jwks !== undefined) return matching(jwks.keys, keyId)
      return url === undefined ? [] : fetched(url, keyId)
    },
  }
}

function matching(keys: JwkSet['keys'], keyId: string | undefined): JwkSet['keys'] {
  return keyId === undefined ? keys : keys.filter((key) => key['kid'] === keyId)
}
