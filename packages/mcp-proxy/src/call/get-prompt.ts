import { JsonRpcError, type PromptHandler } from '@gatewright/mcp'
import { anyResult } from '../definitions/list-entries.ts'
import type { AskUpstream } from './ask-upstream.ts'
import { cleanPrompt, type LinkMap } from './clean-result.ts'
import { UpstreamFailure } from './upstream-failure.ts'

/** A handler that gets a prompt of an upstream. @throws {JsonRpcError} that says what failed, as far as it is the client's business */
export function promptGetter(
  ask: AskUpstream,
  {
    name,
    local,
    scopes,
  }: { readonly name: string; readonly local: string; readonly scopes: readonly string[] },
  links: LinkMap,
): PromptHandler {
  return (args, caller, extra) =>
    ask({ name: local, scopes, caller, extra }, async (client, options) => {
      const request = { method: 'prompts/get', params: { name, arguments: { ...args } } }
      return cleanPrompt(await client.request(request, anyResult, options), links)
    }).catch((error: unknown) => {
      if (!(error instanceof UpstreamFailure)) throw error
      throw new JsonRpcError(error.code === -32602 ? -32602 : -32603, error.message)
    })
}
