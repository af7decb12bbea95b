import { JsonRpcError } from '../json-rpc-error.ts'

/** The id of a JSON-RPC request. */
export type RequestId = string | number

/** The body of a JSON-RPC error. */
export function errorBody(id: RequestId | null, { code, message, data }: JsonRpcError) {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } } as const
}

/** Answers with a JSON-RPC error, on the HTTP status that its kind calls for. */
export function errorResponse(
  status: number,
  error: JsonRpcError,
  id: RequestId | null = null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(errorBody(id, error), { status, headers })
}

/** An error that ends an HTTP request before any message of it is looked at. */
export class HttpRefusal extends Error {
  readonly response: () => Response

  constructor(status: number, code: number, message: string, headers?: Readonly<Record<string, string>>) {
    super(message)
    this.name = 'HttpRefusal'
    this.response = () => errorResponse(status, new JsonRpcError(code, message), null, headers)
  }
}
