interface Annotated {
  readonly annotations?: Readonly<Record<string, unknown>>
  readonly _meta?: Readonly<Record<string, unknown>>
}

/** The text or the bytes of a resource. */
export type ResourceContents = Annotated & {
  readonly uri: string
  readonly mimeType?: string
} & ({ readonly text: string } | { /** Base64. */ readonly blob: string })

/** One piece of what a tool or a prompt says. */
export type ContentBlock =
  | (Annotated & { readonly type: 'text'; readonly text: string })
  | (Annotated & {
      readonly type: 'image' | 'audio'
      /** Base64. */ readonly data: string
      readonly mimeType: string
    })
  | (Annotated & {
      readonly type: 'resource_link'
      readonly uri: string
      readonly name: string
      readonly title?: string
      readonly description?: string
      readonly mimeType?: string
    })
  | (Annotated & { readonly type: 'resource'; readonly resource: ResourceContents })

/** What a tool answers. @see [MCP 2025-11-25 Tools](https://modelcontextprotocol.io/specification/2025-11-25/server/tools) */
export interface CallToolResult {
  readonly content: readonly ContentBlock[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
  /** Whether the tool failed in a way that the model should know of. */
  readonly isError?: boolean
  readonly _meta?: Readonly<Record<string, unknown>>
}

/**
 * What a tool answers when it needs to hear from the user first; only clients of MCP 2026-07-28 understand it.
 *
 * `requestState` comes back from the client: sign it, and bind it to the caller.
 */
export interface InputRequiredResult {
  readonly resultType: 'input_required'
  readonly inputRequests?: Readonly<Record<string, unknown>>
  readonly requestState?: string
  readonly _meta?: Readonly<Record<string, unknown>>
}

/** Whether an answer asks for more input. */
export function isInputRequired(answer: unknown): answer is InputRequiredResult {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'resultType' in answer &&
    answer.resultType === 'input_required'
  )
}

/** What a prompt answers. */
export interface GetPromptResult {
  readonly description?: string
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: ContentBlock }[]
  readonly _meta?: Readonly<Record<string, unknown>>
}

/** A tool result, or a prompt's message, of one text. */
export function text(value: string): { readonly content: readonly [ContentBlock & { type: 'text' }] } {
  return { content: [{ type: 'text', text: value }] }
}

/** A tool result of one value: as text for the model, and as structured content when it is an object. */
export function json(value: unknown): CallToolResult {
  const structured = typeof value === 'object' && value !== null && !Array.isArray(value)
  return {
    ...text(JSON.stringify(value, null, 2) ?? 'null'),
    ...(structured ? { structuredContent: value as Readonly<Record<string, unknown>> } : {}),
  }
}

/** A tool result that tells the model that the tool failed, and why. */
export function failure(message: string): CallToolResult {
  return { ...text(message), isError: true }
}

/** A prompt of one user message. */
export function promptText(value: string): GetPromptResult {
  return { messages: [{ role: 'user', content: text(value).content[0] }] }
}
