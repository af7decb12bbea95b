import { Client, type jsonSchemaValidator, type PriorDiscovery } from '@modelcontextprotocol/client'
import type { OutboundAuthorization, OutboundCall, OutboundCredential } from '@gatewright/token-exchange'
import type { ProxySettings } from '../options.ts'

/** A connection to an upstream that is ready for calls. */
export interface UpstreamConnection {
  readonly client: Client
  /** Ends it, and the session at the upstream. */
  close(): Promise<void>
}

/** What a connection is opened for. */
export interface OpenClientOptions {
  readonly settings: ProxySettings
  readonly fetch: typeof fetch
  readonly authorization: OutboundAuthorization
  /** In whose name. */
  readonly call: OutboundCall
  /** Which era the upstream is of, when that is known. */
  readonly prior?: PriorDiscovery | undefined
  /** Called when the upstream says that one of its lists has changed. */
  readonly onListChanged?: (() => void) | undefined
  readonly onClosed?: (() => void) | undefined
  readonly signal?: AbortSignal | undefined
}

// The SDK would compile the upstream's schemas into code; they are checked elsewhere.
const withoutCompiling: jsonSchemaValidator = {
  getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
}

/**
 * Opens a connection, by the handshake of 2025 or without one as in 2026, whichever the upstream knows.
 *
 * The client offers nothing: what the upstream asks of a user or a model finds no one.
 *
 * @throws {Error} when the upstream is out of reach, or does not speak MCP
 */
export async function openClient(options: OpenClientOptions): Promise<UpstreamConnection> {
  const { settings, fetch, authorization, call, prior, onListChanged, onClosed, signal } = options
  const { timeout, maximumResponseSize: maximumBytes, endpoint } = settings
  let credential: OutboundCredential | undefined
  const transport = endpoint.open({
    fetch,
    maximumBytes,
    async headers() {
      credential = await authorization.credential(call)
      return credential.headers
    },
    rejected: () => credential?.reject?.(),
  })
  const told = { autoRefresh: false, debounceMs: 0, onChanged: () => onListChanged?.() }
  const client = new Client(
    { name: 'gatewright', version: '1' },
    {
      capabilities: {},
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: timeout * 1000 } },
      inputRequired: { autoFulfill: false },
      jsonSchemaValidator: withoutCompiling,
      ...(onListChanged !== undefined && {
        listChanged: { tools: told, prompts: told, resources: told },
      }),
    },
  )
  // The SDK's client is no event target.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  client.onclose = () => onClosed?.()
  await client.connect(transport, {
    timeout: timeout * 1000,
    ...(prior !== undefined && { prior }),
    ...(signal !== undefined && { signal }),
  })
  return {
    client,
    async close() {
      await transport.terminateSession?.().catch(() => {})
      await client.close().catch(() => {})
    },
  }
}
