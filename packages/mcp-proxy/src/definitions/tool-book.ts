import { printableText } from '@gatewright/core'
import type { ToolHandler, ToolRegistry } from '@gatewright/mcp'
import type { ProxiedRequirement, ProxySettings } from '../options.ts'
import { checkedSchema } from './argument-schema.ts'
import type { ToolListing } from './list-tools.ts'
import { toolPin } from './tool-pin.ts'
import { definitionProblem, type UpstreamTool } from './upstream-tool.ts'

/** Which tools of an upstream are offered. */
export interface ToolBook {
  /** Compares what the upstream lists with what it listed before, and brings the registry up to date. */
  update(listing: ToolListing): Promise<void>
  /** The pins of all tools that were seen, by the upstream's own names. */
  pins(): Readonly<Record<string, string>>
}

type Handler = (
  tool: UpstreamTool,
  scopes: readonly string[],
) => ToolHandler<Readonly<Record<string, unknown>>>

const hints = new Set(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'])

/** Makes a book without tools. */
export function createToolBook(
  settings: ProxySettings,
  registry: ToolRegistry,
  handlerOf: Handler,
): ToolBook {
  const { prefix, pins, onToolChange, scopes, name: upstream } = settings
  const requirementOf =
    typeof scopes === 'function'
      ? scopes
      : ({ name }: UpstreamTool) => (Object.hasOwn(scopes, name) ? scopes[name] : undefined)
  const seen = new Map<string, string>()
  const offered = new Map<string, string>()
  const told = new Set<string>()

  function exclude(name: string, reason: string, cause?: unknown): void {
    withdraw(name)
    const what = `${reason} ${name}`
    if (told.has(what) || told.size > 1000) return
    told.add(what)
    registry.report({
      type: 'upstream.tool_excluded',
      name: printableText(name, 128),
      reason,
      resource: upstream,
      cause,
    })
  }

  function withdraw(name: string): void {
    if (offered.delete(name)) registry.remove('tool', prefix + name)
  }

  async function consider(tool: UpstreamTool): Promise<void> {
    const { name } = tool
    const requirement = requirementOf(tool)
    if (requirement === undefined || requirement.length === 0) return exclude(name, 'no_scopes')
    const expected = pins === undefined ? seen.get(name) : Object.hasOwn(pins, name) ? pins[name] : undefined
    const pin = await toolPin(tool)
    if (pins === undefined || onToolChange === 'accept') seen.set(name, expected ?? pin)
    else seen.set(name, pin)
    if (pins !== undefined && expected === undefined) return exclude(name, 'not_pinned')
    if (expected !== undefined && pin !== expected) {
      const told = {
        name: prefix + name,
        resource: upstream,
        reason: onToolChange === 'block' ? 'blocked' : 'accepted',
      }
      // Offered as it is now already: what changed was told then.
      if (offered.get(name) !== pin) registry.report({ type: 'upstream.tool_changed', ...told })
      if (onToolChange === 'block') return withdraw(name)
      seen.set(name, pin)
    }
    if (offered.get(name) === pin) return
    withdraw(name)
    try {
      offer(tool, requirement)
      offered.set(name, pin)
    } catch (cause) {
      exclude(name, 'invalid_definition', cause)
    }
  }

  function offer(tool: UpstreamTool, requirement: ProxiedRequirement): void {
    const { name, title, description = '', inputSchema, outputSchema, annotations = {} } = tool
    const needed = requirement === 'public' ? [] : requirement
    registry.register(
      prefix + name,
      {
        ...(requirement === 'public' ? { public: true as const } : { scopes: needed }),
        title: typeof title === 'string' ? printableText(title, 200) : undefined,
        description: typeof description === 'string' ? printableText(description, 8000) : '',
        input: checkedSchema(inputSchema),
        output: outputSchema === undefined ? undefined : checkedSchema(outputSchema),
        annotations: Object.fromEntries(
          Object.entries(annotations).filter(([key, value]) => hints.has(key) && typeof value === 'boolean'),
        ),
      },
      handlerOf(tool, needed),
    )
  }

  return {
    async update({ tools, cut }) {
      if (cut) exclude('*', 'too_many_tools')
      const names = tools.map((tool) => String((tool as Partial<UpstreamTool> | null)?.name))
      for (const [index, tool] of tools.entries()) {
        const name = names[index] ?? ''
        const problem = definitionProblem(tool, prefix)
        if (problem !== undefined) exclude(name, problem)
        // Of two tools with one name nobody knows which one is called.
        else if (names.indexOf(name) !== names.lastIndexOf(name)) exclude(name, 'duplicate_name')
        else await consider(tool)
      }
      for (const name of offered.keys()) if (!names.includes(name)) withdraw(name)
    },
    pins: () => Object.fromEntries(seen),
  }
}
