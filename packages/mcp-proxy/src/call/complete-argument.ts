import { printableText } from '@gatewright/core'
import type { Completer } from '@gatewright/mcp'
import { anyResult } from '../definitions/list-entries.ts'
import type { AskUpstream } from './ask-upstream.ts'

/** What is completed, in the upstream's own words. */
export type CompletionReference =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string }

const maximumLength = 1000

/** Asks an upstream for suggestions. @throws {UpstreamFailure} when it fails */
export function argumentCompleter(
  ask: AskUpstream,
  reference: CompletionReference,
  {
    argument,
    local,
    scopes,
  }: { readonly argument: string; readonly local: string; readonly scopes: readonly string[] },
): Completer {
  return (value, caller, others, extra) =>
    ask({ name: local, scopes, caller, extra }, async (client, options) => {
      const params = {
        ref: reference,
        argument: { name: argument, value },
        ...(Object.keys(others).length > 0 && { context: { arguments: { ...others } } }),
      }
      const { completion } = await client.request(
        { method: 'completion/complete', params },
        anyResult,
        options,
      )
      const { values } = (completion ?? {}) as { values?: unknown }
      if (!Array.isArray(values)) throw new TypeError('the upstream answered without values')
      // What a user picks is what is sent: a value that hides something is left out, and never mended.
      return values.filter(
        (each): each is string => typeof each === 'string' && each === printableText(each, maximumLength),
      )
    })
}
