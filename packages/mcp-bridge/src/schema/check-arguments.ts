import { Validator } from '@cfworker/json-schema'
import { isObject, type JsonObject } from '../document/json-object.ts'

/**
 * Makes the check of a tool's arguments.
 *
 * The schema is compiled when the first call comes: a document may have hundreds of operations of which few are used.
 */
export function argumentsCheck(schema: JsonObject): (value: unknown) => JsonObject {
  let validator: Validator | undefined
  return (value) => {
    if (!isObject(value)) throw new TypeError('the arguments must be an object')
    checkValues(value)
    validator ??= new Validator(schema, '2020-12', true)
    const { valid, errors } = validator.validate(value)
    const problem = errors.at(-1)
    if (!valid)
      throw new TypeError(`${problem?.instanceLocation ?? '#'}: ${problem?.error ?? 'is not valid'}`)
    return value
  }
}

/** @throws {TypeError} for values that would not arrive as they were meant */
function checkValues(value: unknown): void {
  if (
    typeof value === 'number' &&
    (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
  )
    throw new TypeError(
      `the number ${value} cannot be kept exactly: send it as a text where the schema permits`,
    )
  if (typeof value === 'string' && value.includes('\0')) throw new TypeError('a text must not contain NUL')
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    // Servers in JavaScript merge such members into what all objects inherit.
    if (key === '__proto__') throw new TypeError('no member may be called "__proto__"')
    checkValues(child)
  }
}
