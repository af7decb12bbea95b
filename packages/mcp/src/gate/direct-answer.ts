import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import type { Caller, CallExtra } from '../registry/caller.ts'
import { isListMethod, listMembers } from '../registry/mcp-methods.ts'
import type { ToolRegistry } from '../registry/tool-registry.ts'
import type { Era } from './era.ts'
import { listAnswer } from './list-answer.ts'
import { errorBody, type RequestId } from './rpc-response.ts'

/** The name and version that a server gives itself. */
export interface ServerInfo {
  /** What the server calls itself to clients. */
  readonly name: string
  /** The version of your program. */
  readonly version: string
  /** A name for people. @default none */
  readonly title?: string
}

/** A request for what the registry holds. */
export interface DirectRequest {
  readonly id: RequestId
  readonly method: string
  readonly era: Era
}

/**
 * Answers a request for what the registry holds with one JSON text.
 *
 * Such a request needs nothing of an SDK's connection, and building one for each costs many times the call itself.
 */
export async function directAnswer(
  { id, method, era }: DirectRequest,
  registry: ToolRegistry,
  caller: Caller | undefined,
  extra: CallExtra,
  info: ServerInfo,
): Promise<Response> {
  const opening = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`
  try {
    if (isListMethod(method)) {
      const page = registry.listPage(method, caller, extra.params.cursor)
      const { nextCursor } = page
      const members = { ...(nextCursor && { nextCursor }), ...(era === 'modern' && envelope(method, info)) }
      const rest = JSON.stringify(members).slice(1, -1)
      return listAnswer(`${opening}{"${listMembers[method]}":[`, page, `]${rest === '' ? '' : `,${rest}`}}}`)
    }
    const answer = await registry.dispatch(method, caller, extra)
    const result = era === 'legacy' ? answer : withEnvelope(answer, envelope(method, info))
    return answerOf(200, `${opening}${JSON.stringify(result)}}`)
  } catch (error) {
    const known =
      error instanceof JsonRpcError ? error : new JsonRpcError(errorCode.internalError, 'Internal error')
    // MCP 2026-07-28 gives this error a status, so that clients see it before they read the body.
    const status = era === 'modern' && known.code === errorCode.missingCapability ? 400 : 200
    return answerOf(status, JSON.stringify(errorBody(id, known)))
  }
}

function answerOf(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json' } })
}

const cacheable = new Set([...Object.keys(listMembers), 'resources/read'])
const infoKey = 'io.modelcontextprotocol/serverInfo'

/** What MCP 2026-07-28 wants in every result. */
function envelope(method: string, info: ServerInfo) {
  return {
    resultType: 'complete',
    // Lists and resources depend on the token's scopes: a shared cache would show them to others.
    ...(cacheable.has(method) && { ttlMs: 0, cacheScope: 'private' }),
    _meta: { [infoKey]: info },
  }
}

function withEnvelope(answer: Readonly<Record<string, unknown>>, added: ReturnType<typeof envelope>) {
  const { resultType, _meta } = answer
  // More input is asked for: such a result is not complete, and nobody may keep it.
  const fields = resultType === 'input_required' ? { _meta: added._meta } : added
  return { ...answer, ...fields, _meta: { ...added._meta, ...(_meta as object | undefined) } }
}
