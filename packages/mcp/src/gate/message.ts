import { errorCode } from '../json-rpc-error.ts'
import type { RequestId } from './rpc-response.ts'
import { HttpRefusal } from './rpc-response.ts'

/** A JSON-RPC message as far as the gate has checked it. */
export interface Message {
  /** Absent in a notification and in a response. */
  readonly id?: RequestId | undefined
  /** Absent in a response. */
  readonly method?: string | undefined
  readonly params: Readonly<Record<string, unknown>>
}

const maximumBatch = 100
/** The revisions that had batches; a request that names no revision is of the last of them. */
const batchVersions = new Set(['2024-10-07', '2024-11-05', '2025-03-26'])

/**
 * The messages of a body: one, or those of a batch where the revision still has batches.
 *
 * @throws {HttpRefusal} when one is malformed, or a batch is empty, too long, of a later revision or repeats an id
 * @see [JSON-RPC 2.0 §6 - Batch](https://www.jsonrpc.org/specification#batch)
 */
export function parseMessages(body: unknown, version: string | null): readonly Message[] {
  if (!Array.isArray(body)) return [parseMessage(body)]
  // MCP 2025-06-18 removed batches.
  if (version !== null && !batchVersions.has(version)) throw invalidRequest('Batches are not supported')
  if (body.length === 0) throw invalidRequest('The batch is empty')
  if (body.length > maximumBatch) throw invalidRequest('The batch is too long')
  const messages = body.map(parseMessage)
  const ids = messages.map(({ id }) => id).filter((id) => id !== undefined)
  // Two answers to one id could not be told apart.
  if (new Set(ids).size !== ids.length) throw invalidRequest('Two requests have the same id')
  return messages
}

function parseMessage(value: unknown): Message {
  if (!isObject(value) || value.jsonrpc !== '2.0') throw invalidRequest('The message is not JSON-RPC 2.0')
  const { id, method, params } = value
  if (id !== undefined && typeof id !== 'string' && !Number.isSafeInteger(id))
    throw invalidRequest('The id must be a text or a whole number')
  if (params !== undefined && !isObject(params)) throw invalidRequest('The parameters must be an object')
  if (method === undefined && ('result' in value || isObject(value.error))) return { params: {} }
  if (typeof method !== 'string') throw invalidRequest('The method must be a text')
  return { id: id as RequestId | undefined, method, params: params ?? {} }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The refusal of a body that is not what JSON-RPC or the revision allows. */
export function invalidRequest(message: string): HttpRefusal {
  return new HttpRefusal(400, errorCode.invalidRequest, `Invalid Request: ${message}`)
}
