/** What arguments have become, before it is one request. */
export interface RequestParts {
  /** Encoded segments by the name of the parameter. */
  readonly path: Map<string, string>
  readonly query: (readonly [name: string, value: string])[]
  readonly headers: Headers
  body: BodyInit | undefined
}

/** One argument of a tool, and where it goes. */
export interface ArgumentPart {
  /** Its name among the tool's arguments. */
  readonly argument: string
  readonly required: boolean
  /** Its schema as the document has it. */
  readonly schema: unknown
  readonly description: string | undefined
  /** Puts a value in its place; throws `ArgumentError` when it does not fit. */
  write(value: unknown, parts: RequestParts): void
}
