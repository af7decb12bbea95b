import { createServer } from 'node:http'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { heldScopes, toolsOf } from './tools.mjs'
import { workload } from './workload.mjs'

/** Opens the documented stateless pattern of SDK v1: a server with its visible tools for each request. */
export async function open(options) {
  const held = new Set(heldScopes)
  const visible = toolsOf(options.count).filter(({ scope }) => held.has(scope))
  const connected = async (transport) => {
    const server = new McpServer({ name: 'bench', version: '1.0.0' })
    for (const { name, description, input } of visible)
      server.registerTool(name, { description, inputSchema: input }, async ({ text }) => ({
        content: [{ type: 'text', text }],
      }))
    await server.connect(transport)
    return transport
  }
  const settings = { enableJsonResponse: true }
  const handle = async (request) => {
    const transport = await connected(new WebStandardStreamableHTTPServerTransport(settings))
    return transport.handleRequest(request)
  }
  const server = () =>
    createServer((incoming, outgoing) => {
      void connected(new StreamableHTTPServerTransport(settings)).then((transport) =>
        transport.handleRequest(incoming, outgoing),
      )
    })
  const contender = workload({ handle, server }, { ...options, modern: false })
  await contender.check()
  return contender
}
