import { sha256Base64url } from '@gatewright/core'
import type { UpstreamPrompt } from './upstream-prompt.ts'
import type { UpstreamResource } from './upstream-resource.ts'
import type { UpstreamTool } from './upstream-tool.ts'

/**
 * A digest of all that a tool says about itself: another order of its members is the same, another byte of its texts is not.
 *
 * Texts are compared as they are. Folding them would let a change pass that a model reads.
 */
export function toolPin(tool: UpstreamTool): Promise<string> {
  const { name, title, description, inputSchema, outputSchema, annotations, _meta } = tool
  return digest({ name, title, description, inputSchema, outputSchema, annotations, _meta })
}

/** The same of a prompt. */
export function promptPin(prompt: UpstreamPrompt): Promise<string> {
  const { name, title, description, arguments: args, _meta } = prompt
  return digest({ name, title, description, arguments: args, _meta })
}

/** The same of a resource or a template. */
export function resourcePin(resource: UpstreamResource): Promise<string> {
  const { uri, uriTemplate, name, title, description, mimeType, annotations, _meta } = resource
  return digest({ uri, uriTemplate, name, title, description, mimeType, annotations, _meta })
}

function digest(definition: object): Promise<string> {
  return sha256Base64url(canonicalJson(definition))
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
