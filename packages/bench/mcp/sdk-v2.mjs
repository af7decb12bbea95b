import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { heldScopes, toolsOf } from './tools.mjs'
import { workload } from './workload.mjs'

/** Opens SDK v2 as it is documented: a server with its visible tools for each request. */
export async function open(options) {
  const held = new Set(heldScopes)
  const visible = toolsOf(options.count).filter(({ scope }) => held.has(scope))
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: 'bench', version: '1.0.0' })
      for (const { name, description, input } of visible)
        server.registerTool(name, { description, inputSchema: input }, async ({ text }) => ({
          content: [{ type: 'text', text }],
        }))
      return server
    },
    { responseMode: 'json' },
  )
  const contender = workload({ handle: (request) => handler.fetch(request) }, options)
  await contender.check()
  return contender
}
