/** Error codes of JSON-RPC and MCP. @see [JSON-RPC 2.0 §5.1](https://www.jsonrpc.org/specification#error_object) */
export const errorCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Also what Casdoor sends, which is where clients know it from. */
  insufficientScope: -32001,
  /** A policy refused; no scope would help. */
  accessDenied: -32003,
  transport: -32000,
  headerMismatch: -32020,
  /** The client has not declared what the request needs. */
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const

/** An error whose code, message and data are sent to the client. */
export class JsonRpcError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'JsonRpcError'
    this.code = code
    this.data = data
  }
}
