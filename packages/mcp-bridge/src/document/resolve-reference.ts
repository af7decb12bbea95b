import { isObject, member, textMember, type JsonObject } from './json-object.ts'

const maximumSteps = 50

/**
 * Follows `$ref` inside the document until there is none.
 *
 * @throws {TypeError} when a reference leaves the document, leads nowhere, or in a circle
 */
export function dereference(value: unknown, root: JsonObject): unknown {
  let current = value
  for (let step = 0; step < maximumSteps; step++) {
    const reference = textMember(current, '$ref')
    if (reference === undefined) return current
    current = resolveReference(reference, root)
  }
  throw new TypeError(
    `the OpenAPI document has a reference that leads in a circle: ${JSON.stringify(value).slice(0, 200)}`,
  )
}

/**
 * What a reference points to.
 *
 * Nothing is fetched and no file is read: the author of a document would choose what this process reaches for.
 *
 * @throws {TypeError} when it leaves the document or leads nowhere
 */
export function resolveReference(reference: string, root: JsonObject): unknown {
  const shown = reference.slice(0, 200)
  if (reference !== '#' && !reference.startsWith('#/'))
    throw new TypeError(
      `the OpenAPI document refers to "${shown}", outside of itself: bundle it into one document first`,
    )
  let current: unknown = root
  for (const part of reference.split('/').slice(1)) {
    const key = decodePart(part)
    current = Array.isArray(current) && /^\d{1,9}$/.test(key) ? current[Number(key)] : member(current, key)
  }
  if (!isObject(current) && typeof current !== 'boolean')
    throw new TypeError(`the OpenAPI document refers to "${shown}", which it does not have`)
  return current
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}
