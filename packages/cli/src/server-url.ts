import { UsageError } from './usage-error.ts'

/**
 * Reads the URL of an MCP server.
 *
 * @throws {UsageError} when it is no https URL, nor http on this machine
 */
export function serverUrl(text: string | undefined): URL {
  if (text === undefined)
    throw new UsageError('name the URL of the MCP server, such as https://example.com/mcp')
  if (!URL.canParse(text))
    throw new UsageError(`"${text}" is no URL; write it whole, such as https://example.com/mcp`)
  const url = new URL(text)
  if (!isSafeUrl(url))
    throw new UsageError(`${text} is neither https nor on this machine; tokens would be sent in clear`)
  return url
}

/** Whether a URL may be given a token, or be opened in a browser: https, or http on this machine. */
export function isSafeUrl({ protocol, hostname }: URL): boolean {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && loopback)
}
