import type { StandardSchema } from '@gatewright/mcp'
import type { Client } from '@modelcontextprotocol/client'
import type { UpstreamTool } from './upstream-tool.ts'

const maximumPages = 50

/** What an upstream lists. */
export interface ToolListing {
  readonly tools: readonly UpstreamTool[]
  /** Whether it listed more than is looked at. */
  readonly cut: boolean
}

// The SDK would refuse the whole list for one tool that is wrong; each is looked at by itself.
const anyResult: StandardSchema<unknown, { readonly tools?: unknown; readonly nextCursor?: unknown }> = {
  '~standard': { version: 1, vendor: 'gatewright', validate: (value) => ({ value: value ?? {} }) },
}

/** The tools of an upstream, page by page, within a number. @throws {Error} when it does not answer */
export async function listTools(
  client: Client,
  { maximumTools, timeout }: { readonly maximumTools: number; readonly timeout: number },
): Promise<ToolListing> {
  const tools: UpstreamTool[] = []
  let cursor: string | undefined
  for (let page = 0; page < maximumPages; page++) {
    const answer = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      anyResult,
      { timeout: timeout * 1000, maxTotalTimeout: timeout * 1000 },
    )
    if (!Array.isArray(answer.tools)) throw new Error('the upstream lists no tools')
    tools.push(...(answer.tools as UpstreamTool[]))
    if (tools.length > maximumTools) return { tools: tools.slice(0, maximumTools), cut: true }
    if (typeof answer.nextCursor !== 'string') return { tools, cut: false }
    cursor = answer.nextCursor
  }
  return { tools, cut: true }
}
