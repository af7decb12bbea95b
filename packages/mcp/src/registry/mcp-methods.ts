import { errorCode, JsonRpcError } from '../json-rpc-error.ts'

/** What can be gated. */
export type EntryKind = 'tool' | 'resource' | 'prompt'

/** The list methods, and the member of their result that holds the entries. */
export const listMembers = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
  'prompts/list': 'prompts',
} as const

/** A method that lists entries. */
export type ListMethod = keyof typeof listMembers

/** Whether a method lists entries. */
export function isListMethod(method: string): method is ListMethod {
  return Object.hasOwn(listMembers, method)
}

/** What a request is about. */
export interface Target {
  readonly kind: EntryKind
  readonly name: string
}

/**
 * The tool, resource or prompt that a request is about, or `undefined` when it is about none.
 *
 * @throws {JsonRpcError} when the method is about one, and its name is no text
 */
export function targetOf(method: string, params: Readonly<Record<string, unknown>>): Target | undefined {
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', name: name(params.name) }
    case 'prompts/get':
      return { kind: 'prompt', name: name(params.name) }
    case 'resources/read':
      return { kind: 'resource', name: name(params.uri) }
    case 'completion/complete': {
      const ref = (params.ref ?? {}) as { type?: unknown; name?: unknown; uri?: unknown }
      if (ref.type === 'ref/prompt') return { kind: 'prompt', name: name(ref.name) }
      if (ref.type === 'ref/resource') return { kind: 'resource', name: name(ref.uri) }
      throw new JsonRpcError(errorCode.invalidParams, 'Unknown kind of reference')
    }
    default:
      return undefined
  }
}

/** The error for what does not exist; the name is repeated only as far as it can be a name. */
export function unknownTarget({ kind, name }: Target): JsonRpcError {
  const label = { tool: 'Unknown tool', resource: 'Resource not found', prompt: 'Unknown prompt' }[kind]
  return new JsonRpcError(errorCode.invalidParams, `${label}: ${name.slice(0, 128)}`)
}

function name(value: unknown): string {
  if (typeof value !== 'string') throw new JsonRpcError(errorCode.invalidParams, 'The name must be a text.')
  return value
}
