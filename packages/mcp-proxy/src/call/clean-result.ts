import { printableText } from '@gatewright/core'
import type {
  CallToolResult,
  ContentBlock,
  GetPromptResult,
  ReadContents,
  ResourceContents,
} from '@gatewright/mcp'

type Parts = Record<string, unknown>

/** Gives the URI under which a resource of the upstream is offered here; where it is not, the URI as it is. */
export type LinkMap = (uri: string) => string

const kinds: ReadonlySet<unknown> = new Set(['text', 'image', 'audio', 'resource', 'resource_link'])

/**
 * The result of an upstream's tool as data: its content and its structured content, and nothing that speaks to the client itself.
 *
 * `_meta` is left out: clients take instructions from it, such as where to log in. Links are not followed.
 *
 * @throws {TypeError} when it is no result
 */
export function cleanToolResult(result: unknown, links: LinkMap): CallToolResult {
  const { content, structuredContent, isError } = partsOf(result)
  if (!Array.isArray(content)) throw new TypeError('the upstream answered without content')
  const structured =
    typeof structuredContent === 'object' && structuredContent !== null && !Array.isArray(structuredContent)
  return {
    content: content.map((block) => cleanBlock(block, links)),
    ...(structured && { structuredContent: structuredContent as Readonly<Parts> }),
    ...(isError === true && { isError: true }),
  }
}

/** The same of a prompt. @throws {TypeError} when it is none */
export function cleanPrompt(result: unknown, links: LinkMap): GetPromptResult {
  const { messages, description } = partsOf(result)
  if (!Array.isArray(messages)) throw new TypeError('the upstream answered without messages')
  return {
    ...(typeof description === 'string' && { description: printableText(description, 8000) }),
    messages: messages.map((message) => {
      const { role, content } = partsOf(message)
      if (role !== 'user' && role !== 'assistant')
        throw new TypeError('the upstream answered with a message of nobody')
      return { role, content: cleanBlock(content, links) }
    }),
  }
}

/** The same of a resource, under the URIs that its contents have here. @throws {TypeError} when it is none */
export function cleanContents(result: unknown, localUri: LinkMap): ReadContents[] {
  const { contents } = partsOf(result)
  if (!Array.isArray(contents) || contents.length === 0)
    throw new TypeError('the upstream answered without contents')
  return contents.map((each) => {
    const cleaned = cleanResource(each)
    return { ...cleaned, uri: localUri(cleaned.uri) }
  })
}

function cleanBlock(block: unknown, links: LinkMap): ContentBlock {
  const { _meta, ...rest } = partsOf(block)
  if (!kinds.has(rest.type)) throw new TypeError('the upstream answered with content of an unknown kind')
  if (rest.type === 'resource') {
    const resource = cleanResource(rest.resource)
    return { ...rest, resource: { ...resource, uri: links(resource.uri) } } as unknown as ContentBlock
  }
  if (rest.type === 'resource_link')
    return { ...rest, uri: links(String(rest.uri)) } as unknown as ContentBlock
  return rest as unknown as ContentBlock
}

function cleanResource(resource: unknown): ResourceContents {
  const { _meta, ...rest } = partsOf(resource)
  if (typeof rest.uri !== 'string' || (typeof rest.text === 'string') === (typeof rest.blob === 'string'))
    throw new TypeError('the upstream answered with a resource that is none')
  return rest as unknown as ResourceContents
}

function partsOf(value: unknown): Parts {
  return (value ?? {}) as Parts
}
