import type { CallToolResult, ContentBlock } from '@gatewright/mcp'

const kinds: ReadonlySet<unknown> = new Set(['text', 'image', 'audio', 'resource', 'resource_link'])

/**
 * The result of an upstream as data: its content and its structured content, and nothing that speaks to the client itself.
 *
 * `_meta` is left out: clients take instructions from it, such as where to log in. Links stay what they are, and are not followed.
 *
 * @throws {TypeError} when it is no result
 */
export function cleanResult(result: unknown): CallToolResult {
  const { content, structuredContent, isError } = (result ?? {}) as Record<string, unknown>
  if (!Array.isArray(content)) throw new TypeError('the upstream answered without content')
  const structured =
    typeof structuredContent === 'object' && structuredContent !== null && !Array.isArray(structuredContent)
  return {
    content: content.map(cleanBlock),
    ...(structured && { structuredContent: structuredContent as Readonly<Record<string, unknown>> }),
    ...(isError === true && { isError: true }),
  }
}

function cleanBlock(block: unknown): ContentBlock {
  const { _meta, ...rest } = (block ?? {}) as Record<string, unknown>
  if (!kinds.has(rest.type)) throw new TypeError('the upstream answered with content of an unknown kind')
  if (rest.type !== 'resource') return rest as unknown as ContentBlock
  const { _meta: _inner, ...resource } = (rest.resource ?? {}) as Record<string, unknown>
  return { ...rest, resource } as unknown as ContentBlock
}
