import { parse } from 'yaml'
import { isObject, textMember, type JsonObject } from './json-object.ts'

/** An OpenAPI document within the limits, of a version that can be read. */
export interface OpenApiDocument {
  readonly root: JsonObject
  /** Whether its schemas are JSON Schema 2020-12 (3.1), or the older dialect of 3.0. */
  readonly version: '3.0' | '3.1'
}

const maximumCharacters = 32 * 1024 * 1024
const maximumDepth = 200
const maximumNodes = 5_000_000

/**
 * Reads an OpenAPI document: an object, or the text of one in JSON or YAML.
 *
 * @throws {TypeError} when it is none, is of another version, or is larger or deeper than any that people write
 */
export function parseDocument(document: string | JsonObject): OpenApiDocument {
  const root = typeof document === 'string' ? parseText(document) : document
  if (!isObject(root)) throw new TypeError('the OpenAPI document is no object')
  const version = textMember(root, 'openapi') ?? ''
  if (textMember(root, 'swagger') !== undefined)
    throw new TypeError('the document is of Swagger 2: convert it to OpenAPI 3 first')
  const [known] = /^3\.[01](?=\.\d)/.exec(version) ?? []
  if (known === undefined)
    throw new TypeError(`the document says openapi: "${version.slice(0, 40)}"; 3.0 and 3.1 are supported`)
  measure(root)
  return { root, version: known === '3.0' ? '3.0' : '3.1' }
}

function parseText(text: string): unknown {
  if (text.length > maximumCharacters)
    throw new TypeError(`the OpenAPI document is longer than ${maximumCharacters} characters`)
  try {
    // What is JSON is read as JSON: the parser of YAML is a hundred times slower.
    return /^\s*\{/.test(text)
      ? JSON.parse(text)
      : parse(text, { maxAliasCount: 100, schema: 'core', merge: false })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0]?.slice(0, 200) : 'unknown cause'
    throw new TypeError(`the OpenAPI document cannot be read: ${reason}`, { cause })
  }
}

/** Aliases of YAML, and objects that hold one another, make a small document endless. */
function measure(root: JsonObject): void {
  let nodes = 0
  const waiting: [unknown, number][] = [[root, 0]]
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const [node, depth] = entry
    if (++nodes > maximumNodes)
      throw new TypeError(`the OpenAPI document has more than ${maximumNodes} nodes`)
    if (depth > maximumDepth)
      throw new TypeError(`the OpenAPI document is nested deeper than ${maximumDepth}`)
    if (typeof node === 'object' && node !== null)
      for (const child of Object.values(node)) waiting.push([child, depth + 1])
  }
}
