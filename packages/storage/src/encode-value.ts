import type { Json } from './json.ts'

/**
 * Returns the value as JSON text. All of it is ASCII-safe where databases are not: NUL and lone surrogates come out
 * as escapes. For authors of drivers.
 *
 * @throws TypeError for what JSON cannot express: `undefined`, a function, a symbol, a bigint, a cycle.
 * @group For drivers
 */
export function encodeValue(value: Json): string {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError('a value must be something that JSON can express')
  return text
}
