import { createServer } from 'node:http'
import { defineScopes } from '@gatewright/core'
import { createToolRegistry, text } from '@gatewright/mcp'
import { toNodeListener } from '@gatewright/node'
import { createResourceServer } from '@gatewright/resource-server'
import { createIssuer, resource } from '../resources/issue-tokens.mjs'
import { scopeNames, scopeSets, toolsOf } from './tools.mjs'
import { workload } from './workload.mjs'

/** Opens a registry behind its gate, on one of the SDKs. */
export async function open(options) {
  const { count, sdk = 'server', callers = 1 } = options
  const issuer = createIssuer()
  const scopes = defineScopes(Object.fromEntries(scopeNames.map((name) => [name, name])))
  const registry = createToolRegistry({ scopes, onEvent: () => {} })
  for (const { name, description, scope, input } of toolsOf(count))
    registry.register(name, { description, scopes: [scope], input }, async (given) => text(given.text))
  const resourceServer = createResourceServer({
    issuer: issuer.issuer,
    resource,
    scopes,
    jwks: async () => issuer.jwks,
    isRevoked: () => false,
  })
  const { mcpServer } = await import(`@gatewright/mcp/${sdk}`)
  const handler = mcpServer({ registry, resourceServer, name: 'bench', version: '1.0.0' })
  const tokens = []
  for (const scopes of scopeSets(callers)) tokens.push(...(await issuer.tokens(1, scopes.join(' '))))
  const contender = workload(
    {
      handle: (request) => handler.handle(request, { ip: '192.0.2.1' }),
      server: () => createServer(toNodeListener(handler)),
      tokens,
    },
    { modern: sdk === 'server', ...options },
  )
  await contender.check()
  return contender
}
