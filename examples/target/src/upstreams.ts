import type { ToolRegistry } from '@gatewright/mcp'
import { createOpenApiBridge, fetchOpenApi, type Operation } from '@gatewright/mcp-bridge'
import { readOpenApiFile } from '@gatewright/mcp-bridge/file'
import { createMcpProxy, streamableHttp } from '@gatewright/mcp-proxy'
import { fixedToken } from '@gatewright/token-exchange'
import { z } from 'zod'
import type { scopes } from './scopes.ts'
import type { Settings } from './settings.ts'

type Registry = ToolRegistry<(typeof scopes.names)[number]>

const scopeMap = z.record(z.string(), z.array(z.string()))
// What upstreams see instead of the caller's token, so that a suite can look for it.
const ownCredential = fixedToken('credential-of-the-target')

/** Adds the operations of `BRIDGE_SPEC` and the tools of `PROXY_URL` to the sample tools. */
export async function addUpstreams(registry: Registry, settings: Settings): Promise<void> {
  if (settings.BRIDGE_SPEC !== undefined) await addBridge(registry, settings, settings.BRIDGE_SPEC)
  if (settings.PROXY_URL !== undefined) await addProxy(registry, settings, settings.PROXY_URL)
}

async function addBridge(registry: Registry, settings: Settings, spec: string): Promise<void> {
  const { BRIDGE_BASE_URL: baseUrl, BRIDGE_SCOPES } = settings
  if (baseUrl === undefined) throw new Error('BRIDGE_SPEC needs BRIDGE_BASE_URL')
  const named = scopeMap.parse(JSON.parse(BRIDGE_SCOPES ?? '{}'))
  createOpenApiBridge({
    document: /^https?:/.test(spec)
      ? await fetchOpenApi(spec, { allowPrivate: true })
      : await readOpenApiFile(spec),
    baseUrl,
    allowPrivate: true,
    prefix: 'my_api_',
    scopes: ({ id, method }: Operation) =>
      named[id] ?? [method === 'GET' ? 'read:application' : 'write:application'],
    authorization: ownCredential,
  }).registerIn(registry)
}

async function addProxy(registry: Registry, { PROXY_TOOLS }: Settings, url: string): Promise<void> {
  const proxy = createMcpProxy({
    name: 'up',
    endpoint: streamableHttp(url, { allowPrivate: true }),
    prefix: 'up_',
    scopes: PROXY_TOOLS === undefined ? () => ['read:application'] : scopeMap.parse(JSON.parse(PROXY_TOOLS)),
    authorization: ownCredential,
  })
  await proxy.registerIn(registry)
}
