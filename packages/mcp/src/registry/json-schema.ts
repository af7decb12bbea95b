import type { StandardSchema } from './standard-schema.ts'

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>

const target = 'draft-2020-12'
const vendor = 'gatewright'
const dialect = 'https://json-schema.org/draft/2020-12/schema'

/**
 * Makes a schema of a JSON Schema document and a function that checks a value against it.
 *
 * The two are not compared: what `validate` accepts reaches the handler, whatever the document says.
 *
 * @param validate returns the checked value, or throws an error whose message the model may read
 * @example
 * ```ts
 * const input = jsonSchema({ type: 'object', properties: { id: { type: 'string' } } }, (value) => {
 *   const { id } = value as { id?: unknown }
 *   if (typeof id !== 'string') throw new Error('id must be a string')
 *   return { id }
 * })
 * ```
 */
export function jsonSchema<Output>(
  schema: JsonSchema,
  validate: (value: unknown) => Output,
): StandardSchema<unknown, Output> {
  return {
    '~standard': {
      version: 1,
      vendor,
      validate: (value) => {
        try {
          return { value: validate(value) }
        } catch (error) {
          return { issues: [{ message: error instanceof Error ? error.message : 'the value is not valid' }] }
        }
      },
      jsonSchema: { input: () => schema, output: () => schema },
    },
  }
}

/**
 * The JSON Schema of a schema's input or output, as a tool publishes it.
 *
 * @throws {TypeError} when the schema cannot say it, is not about an object, or points outside itself
 */
export function publishedSchema(schema: StandardSchema, io: 'input' | 'output', what: string): JsonSchema {
  const converter = schema['~standard'].jsonSchema
  if (converter === undefined)
    throw new TypeError(
      `${what} needs a schema with JSON Schema support (zod 4.2 or later); wrap another one with jsonSchema()`,
    )
  const { $schema, ...document } = converter[io]({ target })
  if ((document.type ?? 'object') !== 'object') throw new TypeError(`${what} must describe an object`)
  checkNode(document, what)
  // Validators that know an older dialect stop at the name of a newer one, and this one is MCP's default.
  // What somebody has written by hand is published as it stands.
  const written = schema['~standard'].vendor === vendor
  return $schema === undefined || ($schema === dialect && !written)
    ? { ...document, type: 'object' }
    : { $schema, ...document, type: 'object' }
}

function checkNode(node: unknown, what: string): void {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    // Whoever resolves it would send a request to a place that the schema's author chose.
    if ((key === '$ref' || key === '$dynamicRef') && typeof value === 'string' && !value.startsWith('#'))
      throw new TypeError(`${what} must not refer to "${value}", outside of itself`)
    // MCP 2026-07-28 requires such headers to be compared with the arguments, which nothing here does.
    if (key === 'x-mcp-header') throw new TypeError(`${what} must not use x-mcp-header`)
    checkNode(value, what)
  }
}
