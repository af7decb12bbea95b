import { InsufficientScopeError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import type { SignIn } from './sign-in.ts'

/** What a relay stands between. */
export interface RelayOptions {
  readonly server: URL
  readonly signIn: SignIn
  /** Messages of the client, one JSON text each. */
  readonly lines: AsyncIterable<string>
  /** Sends a message to the client. */
  readonly write: (line: string) => void
  /** Tells the user what happens. */
  readonly note: (text: string) => void
}

/**
 * Carries messages between a client on standard input and output and a server over Streamable HTTP, until the input ends.
 *
 * A message that the server refuses is answered with an error, so that no request of the client waits for ever.
 */
export async function relay({ server, signIn, lines, write, note }: RelayOptions): Promise<void> {
  const transport = new StreamableHTTPClientTransport(server, {
    authProvider: signIn,
    onInsufficientScope: 'throw',
  })
  let initializeId: unknown
  const onmessage = (message: JSONRPCMessage) => {
    const { id, result } = message as { id?: unknown; result?: { protocolVersion?: unknown } }
    // Each further request has to say which version was agreed on.
    if (id !== undefined && id === initializeId && typeof result?.protocolVersion === 'string')
      transport.setProtocolVersion(result.protocolVersion)
    write(JSON.stringify(message))
  }
  Object.assign(transport, { onmessage, onerror: ({ message }: Error) => note(message) })
  await transport.start()

  async function deliver(message: JSONRPCMessage): Promise<void> {
    try {
      await transport.send(message)
    } catch (error) {
      if (!(error instanceof InsufficientScopeError)) throw error
      note(`the server asks for ${error.requiredScope ?? 'more scopes'}`)
      await signIn.stepUp(error.requiredScope, error.resourceMetadataUrl)
      await transport.send(message)
    }
  }

  const running = new Set<Promise<void>>()
  for await (const line of lines) {
    if (line.trim() === '') continue
    const message = parse(line)
    if (message === undefined) {
      write(
        JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'no JSON-RPC message' } }),
      )
      continue
    }
    const { id, method } = message as { id?: unknown; method?: string }
    if (method === 'initialize') initializeId = id
    const work: Promise<void> = deliver(message)
      .catch((error: unknown) => {
        const text = error instanceof Error ? error.message : String(error)
        note(text)
        if (id !== undefined && method !== undefined)
          write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message: text } }))
      })
      .finally(() => running.delete(work))
    running.add(work)
    // What follows a handshake must not overtake it.
    if (method === 'initialize' || method === 'notifications/initialized') await work
  }
  await Promise.all(running)
  await transport.terminateSession().catch(() => {})
  await transport.close()
}

function parse(line: string): JSONRPCMessage | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JSONRPCMessage)
      : undefined
  } catch {
    return undefined
  }
}
