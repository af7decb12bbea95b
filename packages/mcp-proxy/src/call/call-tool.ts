import { failure, type ToolHandler } from '@gatewright/mcp'
import type { AskUpstream } from './ask-upstream.ts'
import { cleanToolResult, type LinkMap } from './clean-result.ts'
import { UpstreamFailure } from './upstream-failure.ts'

/** A handler that calls a tool of an upstream. What fails is a tool error. */
export function toolCaller(
  ask: AskUpstream,
  {
    name,
    local,
    scopes,
  }: { readonly name: string; readonly local: string; readonly scopes: readonly string[] },
  links: LinkMap,
): ToolHandler<Readonly<Record<string, unknown>>> {
  return (args, caller, extra) =>
    ask({ name: local, scopes, caller, extra }, async (client, options) =>
      cleanToolResult(await client.callTool({ name, arguments: { ...args } }, options), links),
    ).catch((error: unknown) => {
      if (error instanceof UpstreamFailure) return failure(error.message)
      throw error
    })
}
