/**
 * Upstreams that are processes of this machine.
 *
 * @module @gatewright/mcp-proxy/stdio
 */
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { UpstreamEndpoint } from './connection/upstream-endpoint.ts'

/** Options of `stdioServer`. */
export interface StdioServerOptions {
  readonly args?: readonly string[] | undefined
  /** Its environment, besides the few variables that every program needs; nothing else of this process is passed on. @default {} */
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly cwd?: string | undefined
}

/**
 * An upstream that is started as a process and spoken to over its standard input and output. All callers share it.
 *
 * The command is run without a shell.
 */
export function stdioServer(
  command: string,
  { args = [], env = {}, cwd }: StdioServerOptions = {},
): UpstreamEndpoint {
  return {
    http: false,
    address: command,
    open: ({ maximumBytes }) =>
      new StdioClientTransport({
        command,
        args: [...args],
        env: { ...env },
        maxBufferSize: maximumBytes,
        ...(cwd !== undefined && { cwd }),
      }),
  }
}
