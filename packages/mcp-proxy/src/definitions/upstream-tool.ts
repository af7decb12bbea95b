import { printableText } from '@gatewright/core'
import type { JsonSchema } from '@gatewright/mcp'
import { sizeProblem } from './definition-size.ts'

/** A tool as its server describes it. Nothing in it can be trusted: it is what a stranger says about himself. */
export interface UpstreamTool {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly inputSchema: JsonSchema
  readonly outputSchema?: JsonSchema | undefined
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  readonly execution?: { readonly taskSupport?: string | undefined } | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** Why a description of a tool is not taken, or `undefined` when it is. */
export function toolProblem(tool: Partial<UpstreamTool>, prefix: string): string | undefined {
  const { name, inputSchema } = tool
  if (nameProblem(name, prefix)) return 'invalid_name'
  if (typeof inputSchema !== 'object' || inputSchema === null) return 'malformed'
  // Calls are passed on as calls: one that has to be a task can only fail.
  if (tool.execution?.taskSupport === 'required') return 'needs_tasks'
  return sizeProblem(tool)
}

/** Whether something is no name that a registry takes, with its prefix. */
export function nameProblem(name: unknown, prefix: string): boolean {
  return (
    typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,128}$/.test(name) || prefix.length + name.length > 128
  )
}

/** A schema whose texts for people are printable; everything that decides is left as it is. */
export function readableSchema(schema: JsonSchema): JsonSchema {
  return readable(schema) as JsonSchema
}

function readable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(readable)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      (key === 'description' || key === 'title') && typeof value === 'string'
        ? printableText(value, 2000)
        : readable(value),
    ]),
  )
}
