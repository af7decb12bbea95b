import type { ToolHandler } from '@gatewright/mcp'
import type { ProxySettings } from '../options.ts'
import { checkedSchema } from './argument-schema.ts'
import { toolPin } from './definition-pin.ts'
import { registryRequirement, requirementFinder, type EntryKind } from './entry-kind.ts'
import { readableText } from './readable-text.ts'
import { toolProblem, type UpstreamTool } from './upstream-tool.ts'

const hints = new Set(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'])

/** The tools of an upstream. */
export function toolKind(
  { prefix, scopes }: ProxySettings,
  handlerOf: (name: string, scopes: readonly string[]) => ToolHandler<Readonly<Record<string, unknown>>>,
): EntryKind<UpstreamTool> {
  return {
    kind: 'tool',
    list: { method: 'tools/list', member: 'tools' },
    capability: 'tools',
    pinned: 'tools',
    nameOf: ({ name }) => name,
    localName: (name) => prefix + name,
    problem: (tool) => toolProblem(tool, prefix),
    requirementOf: requirementFinder(scopes, ({ name }) => name),
    pinOf: toolPin,
    offer(registry, tool, requirement) {
      const { name, title, description, inputSchema, outputSchema, annotations = {} } = tool
      registry.register(
        prefix + name,
        {
          ...registryRequirement(requirement),
          title: readableText(title, 200),
          description: readableText(description, 8000) ?? '',
          input: checkedSchema(inputSchema),
          output: outputSchema === undefined ? undefined : checkedSchema(outputSchema),
          annotations: Object.fromEntries(
            Object.entries(annotations).filter(
              ([key, value]) => hints.has(key) && typeof value === 'boolean',
            ),
          ),
        },
        handlerOf(name, requirement === 'public' ? [] : requirement),
      )
    },
  }
}
