import { Validator } from '@cfworker/json-schema'
import { jsonSchema, type JsonSchema, type StandardSchema } from '@gatewright/mcp'
import { readableSchema } from './upstream-tool.ts'

/** An upstream's schema as one that the registry checks with: policies that look at arguments then know what they are. */
export function checkedSchema(
  schema: JsonSchema,
): StandardSchema<unknown, Readonly<Record<string, unknown>>> {
  let validator: Validator | undefined
  return jsonSchema(readableSchema(schema), (value) => {
    validator ??= new Validator(schema, '2020-12', true)
    const { valid, errors } = validator.validate(value)
    const problem = errors.at(-1)
    if (!valid)
      throw new TypeError(`${problem?.instanceLocation ?? '#'}: ${problem?.error ?? 'is not valid'}`)
    return value as Readonly<Record<string, unknown>>
  })
}
