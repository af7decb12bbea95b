import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTarget } from '@gatewright-examples/target'
import { serve } from '@gatewright-examples/target/serve'
import { readSettings } from '@gatewright-examples/target/settings'
import { handlerFetch } from '@gatewright/testkit'
import type { Handler, Target } from '@gatewright/testkit'

const documentUrl = 'https://client.example/oauth/client.json'

/** The host of the document of a client, which is careless: whatever is asked for there, it is that. */
const documents: typeof fetch = async (input) => {
  const { host } = new URL(input instanceof Request ? input.url : input)
  if (host !== 'client.example') throw new TypeError(`nobody is at ${host}`)
  return Response.json({
    client_id: documentUrl,
    client_name: 'Known by its document',
    redirect_uris: ['https://client.example/callback'],
    token_endpoint_auth_method: 'none',
  })
}

/** What the checks are told about our own target, wherever it is. */
function describedTarget(origin: string) {
  return {
    resource: `${origin}/mcp`,
    otherResource: `${origin}/mcp2`,
    user: { username: 'alice', password: 'alice-pw' },
    scope: 'read:application',
    tool: { name: 'delete_application', arguments: { id: 'my-app' }, scope: 'admin:application' },
    deviceClient: { client_id: 'pub', redirect_uris: ['http://127.0.0.1/callback'] },
    documentClient: { client_id: documentUrl, redirect_uris: ['https://client.example/callback'] },
    exchange: {
      client: {
        client_id: 'gw',
        client_secret: 'gw-secret',
        redirect_uris: ['https://client.example/callback'],
      },
      resource: `${origin}/mcp2`,
    },
  } satisfies Target
}

/** Our own target without a socket, behind whatever stands in front of it. */
export function targetByHandler(
  behind: (handler: Handler) => Handler = (handler) => handler,
  switches: Readonly<Record<string, string>> = {},
): Target & { readonly otherResource: string } {
  const settings = readSettings({ PORT: '4000', ...switches })
  return {
    ...describedTarget(settings.origin),
    fetch: handlerFetch(behind(createTarget(settings, undefined, documents))),
  }
}

/** Our own target on a free port. */
export async function targetByUrl(): Promise<Target & { readonly close: () => Promise<void> }> {
  const reserved = createServer()
  await new Promise<void>((resolve) => void reserved.listen(0, '127.0.0.1', resolve))
  const { port } = reserved.address() as AddressInfo
  await new Promise((resolve) => reserved.close(resolve))
  const settings = readSettings({ ADAPTER: 'node', PORT: String(port) })
  const { close } = await serve(createTarget(settings, undefined, documents), settings)
  return { ...describedTarget(settings.origin), close }
}
