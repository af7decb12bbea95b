import { sha256Base64url } from '@gatewright/core'
import type { UpstreamTool } from './upstream-tool.ts'

/**
 * A digest of all that a tool says about itself: another order of its members is the same, another byte of its texts is not.
 *
 * Texts are compared as they are. Folding them would let a change pass that a model reads.
 */
export function toolPin(tool: UpstreamTool): Promise<string> {
  const { name, title, description, inputSchema, outputSchema, annotations, _meta } = tool
  return sha256Base64url(
    canonicalJson({ name, title, description, inputSchema, outputSchema, annotations, _meta }),
  )
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
