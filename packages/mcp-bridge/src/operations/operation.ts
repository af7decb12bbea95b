import type { JsonObject } from '../document/json-object.ts'

/** One operation of an OpenAPI document, before it is a tool. */
export interface Operation {
  /** Its `operationId`, or its method and path where it has none. */
  readonly id: string
  /** In upper case. */
  readonly method: string
  /** With its `{parameters}`. */
  readonly path: string
  readonly tags: readonly string[]
  readonly summary: string | undefined
  readonly description: string | undefined
  readonly deprecated: boolean
  /**
   * The OAuth scopes of its security requirements, all together where the document gives a choice; `undefined` when none of them
   * names a scope.
   */
  readonly securityScopes: readonly string[] | undefined
}

/** An operation with the objects that describe its request. */
export interface DescribedOperation extends Operation {
  readonly parameters: readonly JsonObject[]
  readonly requestBody: JsonObject | undefined
}
