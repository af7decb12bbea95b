const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads a value by a dotted path, for example `attributes.nickName`. Only own properties of objects and items of arrays
 * count, so that hostile JSON cannot lead anywhere else.
 *
 * A name that has a dot itself cannot be reached; pass a function instead.
 *
 * @returns `undefined` when any step is missing or is not an own property
 */
export function readPath(value: unknown, path: string): unknown {
  let current = value
  for (const name of path.split('.')) {
    if (typeof current !== 'object' || current === null) return undefined
    if (Array.isArray(current) && !/^\d+$/.test(name)) return undefined
    if (forbidden.has(name) || !Object.hasOwn(current, name)) return undefined
    current = (current as Readonly<Record<string, unknown>>)[name]
  }
  return current
}
