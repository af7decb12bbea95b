import { createAuthProvider } from './auth-provider.ts'
import type { AuthProvider, AuthProviderOptions } from './auth-provider.ts'
import { createBrowser } from './browser.ts'
import type { Browser, Person } from './browser.ts'
import { needsUser } from './mcp-client-lines.ts'
import type { McpClient, McpClientLine } from './mcp-client-lines.ts'

/** One HTTP exchange of a client. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly challenge: string | null
  /** The parameters of a form; empty for anything else. */
  readonly form: URLSearchParams
}

/** An MCP client together with the user who helps it through the browser. */
export interface McpSession {
  readonly client: McpClient['client']
  readonly provider: AuthProvider
  readonly browser: Browser
  readonly exchanges: readonly Exchange[]
  connect(): Promise<void>
  protocolVersion(): string | undefined
  /** Runs a request of the client; when it needs the user, goes through the browser and repeats it once. */
  run<T>(request: () => Promise<T>): Promise<T>
  toolNames(): Promise<string[]>
  /** The parsed text of a tool's answer. */
  call(name: string, parameters?: Record<string, unknown>): Promise<unknown>
  close(): Promise<void>
}

/** Sets a client up for an endpoint; nothing is sent yet. */
export function createMcpSession(
  line: McpClientLine,
  endpoint: string,
  {
    person,
    browser = createBrowser(),
    ...options
  }: AuthProviderOptions & { person?: Person; browser?: Browser } = {},
): McpSession {
  const provider = createAuthProvider(options)
  const exchanges: Exchange[] = []
  const mcp = line.create(endpoint, provider, recordingFetch(exchanges))
  const { client } = mcp

  async function run<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request()
    } catch (error) {
      if (!needsUser(error)) throw error
      await mcp.finish(await browser.authorize(provider.takeAuthorizationUrl(), person))
      return request()
    }
  }

  return {
    client,
    provider,
    browser,
    exchanges,
    run,
    connect: () => run(() => mcp.connect()),
    protocolVersion: () => mcp.protocolVersion(),
    toolNames: async () => (await run(() => client.listTools())).tools.map(({ name }) => name),
    async call(name, parameters = {}) {
      const result = await run(() => client.callTool({ name, arguments: parameters }))
      const [first] = result.content as { text?: string }[]
      if (result.isError === true) throw new Error(first?.text)
      return JSON.parse(first?.text ?? 'null')
    },
    close: () => client.close(),
  }
}

function recordingFetch(exchanges: Exchange[]): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const { body } = init ?? {}
    exchanges.push({
      method: init?.method ?? 'GET',
      path: new URL(input instanceof Request ? input.url : input).pathname,
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      form: body instanceof URLSearchParams ? body : new URLSearchParams(),
    })
    return response
  }
}
