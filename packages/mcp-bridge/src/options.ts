import type { Runtime } from '@gatewright/core'
import type { OutboundAuthorization } from '@gatewright/token-exchange'
import type { JsonObject } from './document/json-object.ts'
import type { OperationScopes } from './operations/operation-scopes.ts'
import type { OperationSelector } from './operations/select-operations.ts'

/** Options of `createOpenApiBridge`. */
export interface OpenApiBridgeOptions {
  /** The OpenAPI document, 3.0 or 3.1: an object, or the text of one in JSON or YAML. */
  readonly document: JsonObject | string
  /**
   * Where the API is, path included. The `servers` of the document are not used: whoever writes the document would choose where the
   * gateway's credentials go.
   */
  readonly baseUrl: string
  /** What the names of the tools begin with, for example `my_api_`. */
  readonly prefix: string
  /** Who may call what; an operation of which nothing is said is not offered. */
  readonly scopes: OperationScopes
  /** With what the API is called. */
  readonly authorization: OutboundAuthorization
  /** The operations to offer. @default all that have scopes */
  readonly include?: OperationSelector | undefined
  /** Operations not to offer. @default none */
  readonly exclude?: OperationSelector | undefined
  /**
   * Whether the API may be without https, on this machine or in a private network. Addresses are not checked then.
   *
   * @default false
   */
  readonly allowPrivate?: boolean | undefined
  /** Headers of the caller's request that the API gets too, such as `accept-language`; credentials cannot be among them. @default [] */
  readonly forwardHeaders?: readonly string[] | undefined
  /** Bytes of an answer. @default 1048576 */
  readonly maximumResponseSize?: number | undefined
  /** Seconds until the whole answer must have arrived. @default 30 */
  readonly timeout?: number | undefined
  /** Its `fetch` sends the requests where it is given, and then has to keep to public addresses itself. @default the core's guard */
  readonly runtime?: Pick<Runtime, 'fetch'> | undefined
}
