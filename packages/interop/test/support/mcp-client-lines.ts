import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
  UnauthorizedError as UnauthorizedV2,
} from '@modelcontextprotocol/client'
import { UnauthorizedError as UnauthorizedV1 } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { AuthProvider } from './auth-provider.ts'

/** What the tests ask of a client; both lines have it, in types of their own. */
export interface McpOperations {
  listTools(): Promise<{ tools: readonly { name: string }[] }>
  callTool(call: {
    name: string
    arguments: Record<string, unknown>
  }): Promise<Readonly<Record<string, unknown>>>
  listPrompts(): Promise<{ prompts: readonly { name: string }[] }>
  getPrompt(prompt: {
    name: string
    arguments: Record<string, string>
  }): Promise<{ messages: readonly unknown[] }>
  listResourceTemplates(): Promise<{ resourceTemplates: readonly { uriTemplate: string }[] }>
  readResource(resource: { uri: string }): Promise<{ contents: readonly unknown[] }>
  complete(request: {
    ref: { type: 'ref/prompt'; name: string }
    argument: { name: string; value: string }
  }): Promise<{ completion: { values: readonly string[] } }>
  close(): Promise<void>
}

/** A client of one line of the MCP SDK, not connected yet. */
export interface McpClient {
  readonly client: McpOperations
  /** Connects with a new transport. */
  connect(): Promise<void>
  /** Gives the callback of the browser to the transport that asked for it. */
  finish(callback: URL): Promise<void>
  protocolVersion(): string | undefined
}

/** A line of the MCP SDK for clients, in one of its modes. */
export interface McpClientLine {
  readonly name: string
  /** Whether the client can ask for more scopes while it holds a refresh token. */
  readonly stepsUpWithRefreshToken: boolean
  create(endpoint: string, provider: AuthProvider, fetch: typeof globalThis.fetch): McpClient
}

const identity = { name: 'interop', version: '1.0.0' }

/** Whether a client threw because the user has to go to the browser first. */
export function needsUser(error: unknown): boolean {
  return error instanceof UnauthorizedV1 || error instanceof UnauthorizedV2
}

const v1: McpClientLine = {
  name: 'the v1 client',
  stepsUpWithRefreshToken: false,
  create(endpoint, provider, fetch) {
    const client = new ClientV1(identity)
    const open = () => new TransportV1(new URL(endpoint), { authProvider: provider.forV1, fetch })
    let transport = open()
    return {
      client,
      async connect() {
        transport = open()
        await client.connect(transport)
      },
      async finish(callback) {
        const code = callback.searchParams.get('code')
        if (code === null) throw new Error(`denied: ${callback.searchParams.get('error')}`)
        await transport.finishAuth(code)
      },
      protocolVersion: () => transport.protocolVersion,
    }
  },
}

const v2 = (name: string, mode: 'auto' | 'legacy'): McpClientLine => ({
  name,
  stepsUpWithRefreshToken: true,
  create(endpoint, provider, fetch) {
    const client = new ClientV2(identity, { versionNegotiation: { mode } })
    const open = () => new TransportV2(new URL(endpoint), { authProvider: provider.forV2, fetch })
    let transport = open()
    return {
      client,
      async connect() {
        transport = open()
        await client.connect(transport)
      },
      finish: (callback) => transport.finishAuth(callback.searchParams),
      protocolVersion: () => client.getNegotiatedProtocolVersion(),
    }
  },
})

/** Every line and mode of the official MCP clients. */
export const mcpClientLines: readonly McpClientLine[] = [
  v1,
  v2('the v2 client with a handshake', 'legacy'),
  v2('the v2 client that negotiates', 'auto'),
]

/** The same with their names, for the titles of tests. */
export const namedLines = mcpClientLines.map((line) => [line.name, line] as const)
