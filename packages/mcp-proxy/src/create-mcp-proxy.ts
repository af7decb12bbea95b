import { defaultRuntime } from '@gatewright/core'
import type { ToolRegistry } from '@gatewright/mcp'
import type { PriorDiscovery } from '@modelcontextprotocol/client'
import type { OutboundCall } from '@gatewright/token-exchange'
import { createAskUpstream, type WithClient } from './call/ask-upstream.ts'
import { openClient, type UpstreamConnection } from './connection/open-client.ts'
import { createSharedConnection } from './connection/shared-connection.ts'
import { UpstreamStatusError } from './connection/upstream-fetch.ts'
import { createCatalogue, type Catalogue } from './definitions/catalogue.ts'
import type { Pins } from './definitions/pins.ts'
import { checkOptions, type McpProxyOptions } from './options.ts'

/** What one upstream offers. */
export interface McpProxy {
  /**
   * Connects, and registers what is allowed; resolves to whether the upstream was there. When it was not, its tools come as soon as it
   * does. A registry takes any number of proxies, each with a prefix of its own.
   *
   * @throws {TypeError} when the proxy is in a registry already
   */
  registerIn<Name extends string>(registry: ToolRegistry<Name>): Promise<boolean>
  /** Lists again, compares, and brings the registry up to date. @throws {Error} when the upstream is out of reach */
  refresh(): Promise<void>
  /** What the tools, prompts and templates of the upstream are pinned to, for the option `pins`. */
  pins(): Pins
  /** Ends the connection and whatever runs in the background. */
  close(): Promise<void>
}

/**
 * Makes the tools of another MCP server part of a registry, and its prompts and resources where that is said.
 *
 * The gate in front of the registry decides who sees and calls them. The upstream sees the gateway's credential, never the token or
 * a header of a caller, and what it says reaches a client as data only.
 *
 * @throws {TypeError} when an option is missing or malformed
 * @example
 * <!-- prelude
 * import { defineScopes } from '@gatewright/core'
 * import { createToolRegistry } from '@gatewright/mcp'
 * import { fixedToken } from '@gatewright/token-exchange'
 * declare const ledgerToken: string
 * const registry = createToolRegistry({ scopes: defineScopes({ 'ledger:read': 'See accounts' }) })
 * -->
 * ```ts
 * const proxy = createMcpProxy({
 *   name: 'ledger',
 *   endpoint: streamableHttp('https://ledger.example.com/mcp'),
 *   prefix: 'ledger_',
 *   scopes: { listAccounts: ['ledger:read'] },
 *   authorization: fixedToken(ledgerToken),
 * })
 * await proxy.registerIn(registry)
 * ```
 */
export function createMcpProxy(options: McpProxyOptions): McpProxy {
  const settings = checkOptions(options)
  const { authorization, listAuthorization, name, backoff } = settings
  const { runtime = defaultRuntime } = options
  const fetch: typeof globalThis.fetch = (...parameters) => runtime.fetch(...parameters)
  const own: OutboundCall = { caller: { subject: name, clientId: name }, tool: '', scopes: [] }
  let registry: ToolRegistry | undefined
  let catalogue: Catalogue | undefined
  let prior: PriorDiscovery | undefined

  const shared = createSharedConnection({
    backoff,
    open: (onClosed) =>
      openClient({
        onClosed,
        settings,
        fetch,
        authorization: listAuthorization,
        call: own,
        onListChanged: () => {
          registry?.report({ type: 'upstream.changed', resource: name })
          update().catch(() => {})
        },
      }),
    async opened(connection) {
      const { client } = connection
      const discover = client.getDiscoverResult()
      prior = discover === undefined ? { kind: 'legacy' } : { kind: 'modern', discover }
      registry?.report({
        type: 'upstream.connected',
        resource: name,
        reason: client.getNegotiatedProtocolVersion(),
      })
      await catalogue?.update(client)
    },
    failed: (cause) =>
      registry?.report({ type: 'upstream.failed', resource: name, reason: 'unavailable', cause }),
  })

  let updating: Promise<void> = Promise.resolve()
  /** One listing after the other: two at once could put an older one over a newer. */
  function update(): Promise<void> {
    const next = updating
      .catch(() => {})
      .then(async () => {
        const { client } = await shared.get()
        await catalogue?.update(client)
      })
    updating = next
    return next
  }

  const withClient: WithClient = async (outbound, signal, work) => {
    if (!authorization.perCaller && authorization === listAuthorization) return withShared(work)
    // A session belongs to one principal, and so does each connection: nothing that an upstream remembers is shared.
    const connection = await openClient({ settings, fetch, authorization, call: outbound, prior, signal })
    try {
      return await work(connection.client)
    } finally {
      void connection.close()
    }
  }

  async function withShared<Value>(
    work: (client: UpstreamConnection['client']) => Promise<Value>,
  ): Promise<Value> {
    const connection = await shared.get()
    try {
      return await work(connection.client)
    } catch (error) {
      if (!(error instanceof UpstreamStatusError) || !error.sessionLost) throw error
      // The upstream has forgotten the session, so nothing was done; in every other case a second call could do it twice.
      shared.lost(connection)
      return work((await shared.get()).client)
    }
  }

  return {
    async registerIn(target) {
      if (registry !== undefined) throw new TypeError('a proxy can be in one registry only')
      registry = target as unknown as ToolRegistry
      catalogue = createCatalogue(
        settings,
        registry,
        createAskUpstream(settings, withClient, registry.report),
      )
      return shared.get().then(
        () => true,
        () => false,
      )
    },
    refresh: update,
    pins: () => catalogue?.pins() ?? {},
    close: () => shared.close(),
  }
}
