import { printableText } from '@gatewright/core'
import type { JsonSchema } from '@gatewright/mcp'

/** A tool as its server describes it. Nothing in it can be trusted: it is what a stranger says about himself. */
export interface UpstreamTool {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly inputSchema: JsonSchema
  readonly outputSchema?: JsonSchema | undefined
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

const maximumCharacters = 128 * 1024
const maximumDepth = 40

/** Why a description of a tool is not taken, or `undefined` when it is. */
export function definitionProblem(tool: unknown, prefix: string): string | undefined {
  if (typeof tool !== 'object' || tool === null) return 'malformed'
  const { name, inputSchema } = tool as Partial<UpstreamTool>
  if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,128}$/.test(name) || prefix.length + name.length > 128)
    return 'invalid_name'
  if (typeof inputSchema !== 'object' || inputSchema === null) return 'malformed'
  if (depthOf(tool) > maximumDepth) return 'too_deep'
  if (JSON.stringify(tool).length > maximumCharacters) return 'too_large'
  return undefined
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

function depthOf(root: unknown): number {
  let deepest = 0
  const waiting: [unknown, number][] = [[root, 0]]
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const [node, depth] = entry
    deepest = Math.max(deepest, depth)
    if (depth <= maximumDepth && typeof node === 'object' && node !== null)
      for (const child of Object.values(node)) waiting.push([child, depth + 1])
  }
  return deepest
}
