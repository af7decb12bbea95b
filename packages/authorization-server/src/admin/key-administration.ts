import type { ServerContext } from '../server-context.ts'
import type { KeySummary, ManagedKeys } from '../tokens/managed-keys.ts'

/**
 * What an administrator does about signing keys, for every process over the same storage within half a minute. These are
 * functions: protecting whoever calls them is the caller's job.
 *
 * Each throws a `TypeError` where the keys are kept elsewhere, as those of `externalKeys` are.
 */
export interface KeyAdministration {
  /** The published keys, in the order in which they sign. */
  list(): Promise<KeySummary[]>
  /**
   * Makes a key that signs in place of the current one, once caches have it: after the option `publishAhead`. What the current one
   * has signed stays good.
   *
   * @param how.immediately lets it sign at once; resource servers that keep a copy of the keys may refuse its tokens until they look again @default false
   */
  rotate(how?: { readonly immediately?: boolean }): Promise<KeySummary>
  /**
   * Takes back a key that may have leaked: it is deleted, published no more, and nothing that it signed is accepted by anyone who
   * looks up the keys. If it signs, a new one takes its place at once. `false` when no such key is published.
   */
  retire(kid: string): Promise<boolean>
}

/** The administration of one server's signing keys. */
export function createKeyAdministration(context: () => Promise<ServerContext>): KeyAdministration {
  const managed = async (): Promise<{ server: ServerContext; keys: ManagedKeys }> => {
    const server = await context()
    if (server.keys.managed === undefined)
      throw new TypeError('the signing keys are kept elsewhere; rotate and retire them there')
    return { server, keys: server.keys.managed }
  }
  return {
    async list() {
      const { server, keys } = await managed()
      return keys.list(server.now())
    },
    async rotate({ immediately = false } = {}) {
      const { server, keys } = await managed()
      const made = await keys.rotate(immediately, server.now())
      server.emit({ type: 'key.rotated', kid: made.kid })
      return made
    },
    async retire(kid) {
      const { server, keys } = await managed()
      const done = await keys.retire(kid, server.now())
      if (done) server.emit({ type: 'key.retired', kid })
      return done
    },
  }
}
