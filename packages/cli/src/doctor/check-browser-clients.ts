import { ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import type { Probe } from './probe.ts'

const origin = 'http://localhost:6274'

/** Asks whether a client that runs in a page, such as the MCP Inspector, may read what it needs. */
export async function checkBrowserClients(
  server: URL,
  metadata: Readonly<Record<string, unknown>>,
  probe: Probe,
): Promise<Finding[]> {
  const token = metadata['token_endpoint']
  const targets = [server.href, ...(typeof token === 'string' ? [token] : [])]
  const answers = await Promise.all(
    targets.map((target) =>
      probe(target, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
        },
      }),
    ),
  )
  const blocked = answers.filter(
    ({ headers }) => !['*', origin].includes(headers.get('access-control-allow-origin') ?? ''),
  )
  return blocked.length === 0
    ? [ok('cors', 'a page on this machine may use the server')]
    : [
        warning(
          'cors',
          `a page at ${origin} may not use ${blocked.map(({ url }) => url).join(' and ')}`,
          'Answer preflight requests with Access-Control-Allow-Origin where clients in a browser, such as the MCP Inspector, should connect.',
        ),
      ]
}
