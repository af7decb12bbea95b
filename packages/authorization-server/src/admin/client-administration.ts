import { sha256Base64url } from '@gatewright/core'
import { checkDuration } from '../check-duration.ts'
import type { Client } from '../clients/client.ts'
import { activeSecrets, commitOverride, isAdministered, readOverride } from '../clients/client-override.ts'
import type { ClientOverride } from '../clients/client-override.ts'
import { lookUpClient } from '../clients/client-source.ts'
import { commitRounds } from '../grants/commit-rounds.ts'
import type { ServerContext } from '../server-context.ts'
import { summarizeClient } from './client-summary.ts'
import type { ClientSummary } from './client-summary.ts'
import type { GrantAdministration } from './grant-administration.ts'

/** A secret that has just been made. It is shown once; only its hash is kept. */
export interface NewSecret {
  readonly clientSecret: string
  /** When the secrets before it stop working, in milliseconds. */
  readonly othersUntil: number
}

/**
 * What an administrator does about clients at run time, for every process over the same storage at once. These are functions:
 * protecting whoever calls them is the caller's job.
 *
 * What changes a client throws a `TypeError` for one that the operator registered, unless the server has the option
 * `administerRegistered`.
 */
export interface ClientAdministration {
  /**
   * The clients of every source that can list: those that you register, and those that registered themselves or are described by a
   * document and that a user approved. Disabled ones are among them.
   *
   * @throws {TypeError} when the storage cannot list
   */
  list(): Promise<ClientSummary[]>
  /** One client, disabled or not; `undefined` when no source has it. No document is fetched. */
  find(clientId: string): Promise<ClientSummary | undefined>
  /**
   * Makes a new secret. Those before it work on for the overlap; with 0 they end at once. `undefined` when there is no such client.
   *
   * A source that names other secrets afterwards is newer: its secrets count instead.
   *
   * @param how.overlap seconds, at most 90 days
   * @throws {TypeError} for a client without a secret, and for an overlap out of range
   */
  rotateSecret(clientId: string, how: { readonly overlap: number }): Promise<NewSecret | undefined>
  /**
   * Disables a client: it is unknown to every endpoint, and all that users approved for it ends at once. `false` when there is no
   * such client. Do it again after a failure; it also ends grants that are left.
   *
   * Access tokens that it got for itself do not work while it is disabled.
   *
   * @throws {TypeError} when the storage cannot list; the client is disabled nevertheless
   */
  disable(clientId: string): Promise<boolean>
  /** Lets a disabled client in again. Users have to approve anew. `false` when it was not disabled. */
  enable(clientId: string): Promise<boolean>
}

const ninetyDays = 7_776_000

/** The administration of one server's clients. */
export function createClientAdministration(
  context: () => Promise<ServerContext>,
  grants: GrantAdministration,
): ClientAdministration {
  const find = async (clientId: string, server: ServerContext) => {
    const client = await lookUpClient(clientId, server)
    return client === undefined ? undefined : summarizeClient(client, server)
  }
  return {
    async list() {
      const server = await context()
      const lists = await Promise.all(server.options.clients.map(async (source) => source.list?.(server)))
      const ids = [...new Set(lists.flatMap((list) => list ?? []))]
      const found = await Promise.all(ids.map((id) => find(id, server)))
      return found.filter((client) => client !== undefined)
    },
    find: async (clientId) => find(clientId, await context()),
    async rotateSecret(clientId, { overlap }) {
      checkDuration('overlap', overlap, 0, ninetyDays)
      const server = await context()
      const client = await findAdministered(clientId, server)
      if (client === undefined) return undefined
      const [method] = client.authenticationMethods
      if (!method.startsWith('client_secret_'))
        throw new TypeError(`client "${clientId}" has no secret: it authenticates by ${method}`)
      const clientSecret = server.secret()
      const hash = await sha256Base64url(clientSecret)
      const othersUntil = server.now() + overlap * 1000
      await change(clientId, server, (before) => {
        const others = activeSecrets(client, before, server.now()).map((secret) => ({
          hash: secret.hash,
          until: Math.min(secret.until ?? othersUntil, othersUntil),
        }))
        const secrets = { instead: client.secretHashes, active: [{ hash }, ...others] }
        return { schema: 1, disabled: before?.disabled ?? false, secrets }
      })
      server.emit({ type: 'client.secret_rotated', clientId })
      return { clientSecret, othersUntil }
    },
    async disable(clientId) {
      const server = await context()
      if ((await findAdministered(clientId, server)) === undefined) return false
      const changed = await change(clientId, server, (before) =>
        before?.disabled === true ? undefined : { ...before, schema: 1, disabled: true },
      )
      if (changed) server.emit({ type: 'client.disabled', clientId })
      // After it is disabled, so that no grant is made that the list misses.
      await grants.revokeAll({ clientId }, 'client_disabled')
      return true
    },
    async enable(clientId) {
      const server = await context()
      const changed = await change(clientId, server, (before) =>
        before?.disabled === true ? { ...before, disabled: false } : undefined,
      )
      if (changed) server.emit({ type: 'client.enabled', clientId })
      return changed
    },
  }
}

/** Changes the override of a client; `false` when there is nothing to change. */
function change(
  clientId: string,
  server: ServerContext,
  next: (before: ClientOverride | undefined) => ClientOverride | undefined,
): Promise<boolean> {
  return commitRounds(async () => {
    const before = await readOverride(clientId, server)
    const override = next(before?.value)
    if (override === undefined) return false
    return (await commitOverride(clientId, before, override, server)) ? true : undefined
  })
}

async function findAdministered(clientId: string, server: ServerContext): Promise<Client | undefined> {
  const client = await lookUpClient(clientId, server)
  if (client === undefined || isAdministered(client, server)) return client
  throw new TypeError(
    `client "${clientId}" is registered by you: set administerRegistered, or change its entry with replace() of registered(…) in every process (two secrets while you rotate; leave the entry out and call grants.revokeAll to disable it)`,
  )
}
