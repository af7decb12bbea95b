/** An object of a document, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member that the object has itself: a document may name members like those that every object inherits. */
export function member(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined
}

/** A member that is an object, or an empty one. */
export function objectMember(object: unknown, name: string): JsonObject {
  const value = member(object, name)
  return isObject(value) ? value : {}
}

/** A member that is a list, or an empty one. */
export function listMember(object: unknown, name: string): readonly unknown[] {
  const value = member(object, name)
  return Array.isArray(value) ? value : []
}

/** A member that is a text. */
export function textMember(object: unknown, name: string): string | undefined {
  const value = member(object, name)
  return typeof value === 'string' ? value : undefined
}
