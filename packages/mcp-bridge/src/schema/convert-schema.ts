import { printableText } from '@gatewright/core'
import { isObject, listMember, member, textMember, type JsonObject } from '../document/json-object.ts'
import type { OpenApiDocument } from '../document/parse-document.ts'
import { resolveReference } from '../document/resolve-reference.ts'
import { plainKeywords, schemaKeywords, schemaListKeywords, schemaMapKeywords } from './schema-keywords.ts'

/** Schemas of one tool as JSON Schema 2020-12. */
export interface ToolSchemas {
  readonly schemas: readonly (JsonObject | boolean)[]
  /** What they refer to, by name, for `$defs`. */
  readonly definitions: JsonObject
}

/**
 * Turns schemas of a document into JSON Schema 2020-12.
 *
 * @throws {TypeError} when a schema refers to something outside of the document, or to itself in place
 */
export type SchemaConverter = (schemas: readonly unknown[]) => ToolSchemas

/** Makes the converter of a document: what many tools refer to is converted once, and shared by them. */
export function createSchemaConverter({ root, version }: OpenApiDocument): SchemaConverter {
  const names = new Map<string, string>()
  const definitions = new Map<string, Definition>()
  const taken = new Set<string>()
  const endless = inPlaceCheck(root)
  let uses = new Set<string>()

  /** Runs work, and collects the names of the definitions that it refers to. */
  function collecting<T>(work: () => T): { result: T; uses: ReadonlySet<string> } {
    const outer = uses
    const own = (uses = new Set<string>())
    const result = work()
    uses = outer
    return { result, uses: own }
  }

  function define(reference: string): string {
    const known = names.get(reference)
    if (known !== undefined) return known
    const base = (reference.split('/').at(-1) ?? '').replaceAll(/[^\w.-]/g, '_').slice(0, 80)
    let name = base
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
    taken.add(name)
    // Named before it is converted, so that a schema may contain itself.
    names.set(reference, name)
    const target = resolveReference(reference, root)
    endless(reference)
    const { result: schema, uses: own } = collecting(() => convert(target))
    definitions.set(name, { schema, uses: own })
    return name
  }

  function refer(reference: string): string {
    const name = define(reference)
    uses.add(name)
    return name
  }

  function convert(schema: unknown): JsonObject | boolean {
    if (typeof schema === 'boolean') return schema
    if (!isObject(schema)) return {}
    const reference = textMember(schema, '$ref')
    const here = reference === undefined ? {} : { $ref: `#/$defs/${refer(reference)}` }
    // OpenAPI 3.0 ignores what stands beside a reference.
    if (reference !== undefined && version === '3.0') return here
    const { description, ...rest } = Object.fromEntries(keywordsOf(schema))
    return modern({ ...(typeof description === 'string' && { description }), ...rest, ...here }, schema)
  }

  function* keywordsOf(schema: JsonObject): Generator<[string, unknown]> {
    for (const [keyword, value] of Object.entries(schema)) {
      if ((keyword === 'description' || keyword === 'title') && typeof value === 'string')
        yield [keyword, printableText(value, 1000)]
      else if (keyword === 'pattern') {
        if (isPattern(value)) yield [keyword, value]
      } else if (plainKeywords.has(keyword)) yield [keyword, value]
      else if (schemaKeywords.has(keyword)) yield [keyword, convert(value)]
      else if (schemaListKeywords.has(keyword)) {
        if (Array.isArray(value) && value.length > 0) yield [keyword, value.map((each) => convert(each))]
      } else if (schemaMapKeywords.has(keyword) && isObject(value))
        yield [keyword, convertMap(keyword, value)]
    }
  }

  function convertMap(keyword: string, map: JsonObject): JsonObject {
    const entries = Object.entries(map)
      // What only the server may set is nothing to ask a model for.
      .filter(([name, schema]) =>
        keyword === 'properties' ? !isReadOnly(schema) : keyword !== 'patternProperties' || isPattern(name),
      )
    return Object.fromEntries(entries.map(([name, schema]) => [name, convert(schema)]))
  }

  /** The same in the words of 2020-12, without what requests must not have. */
  function modern(result: Record<string, unknown>, original: JsonObject): JsonObject {
    const hidden = Object.entries(isObject(original.properties) ? original.properties : {})
      .filter(([, schema]) => isReadOnly(schema))
      .map(([name]) => name)
    if (hidden.length > 0 && Array.isArray(result.required))
      result.required = result.required.filter((name) => !hidden.includes(String(name)))
    if (version === '3.1') return result
    for (const [limit, exclusive] of [
      ['maximum', 'exclusiveMaximum'],
      ['minimum', 'exclusiveMinimum'],
    ] as const) {
      if (result[exclusive] === true) {
        result[exclusive] = result[limit]
        delete result[limit]
      } else if (typeof result[exclusive] === 'boolean') delete result[exclusive]
    }
    if (member(original, 'nullable') === true && typeof result.type === 'string') {
      result.type = [result.type, 'null']
      if (Array.isArray(result.enum) && !result.enum.includes(null)) result.enum = [...result.enum, null]
    }
    return result
  }

  return (schemas) => {
    const { result, uses: own } = collecting(() => schemas.map((schema) => convert(schema)))
    const reached = new Set(own)
    // A set also goes through what is added on the way.
    for (const name of reached) for (const next of definitions.get(name)?.uses ?? []) reached.add(next)
    const needed = [...reached].map((name) => [name, definitions.get(name)?.schema] as const)
    return { schemas: result, definitions: Object.fromEntries(needed) }
  }
}

interface Definition {
  readonly schema: JsonObject | boolean
  /** The names of the definitions that it refers to itself. */
  readonly uses: ReadonlySet<string>
}

/** Throws for a schema that applies itself to the same value: whoever checks a value against it never ends. */
function inPlaceCheck(root: JsonObject): (reference: string) => void {
  const done = new Set<string>()
  const open = new Set<string>()

  function follow(reference: string): void {
    if (done.has(reference)) return
    if (open.has(reference))
      throw new TypeError(`the schema "${reference.slice(0, 200)}" refers to itself in a circle`)
    open.add(reference)
    visit(resolveReference(reference, root))
    open.delete(reference)
    done.add(reference)
  }
  function visit(schema: unknown): void {
    if (!isObject(schema)) return
    const reference = textMember(schema, '$ref')
    if (reference !== undefined) follow(reference)
    for (const [keyword, inPlace] of schemaKeywords) if (inPlace) visit(member(schema, keyword))
    for (const [keyword, inPlace] of schemaListKeywords)
      if (inPlace) for (const each of listMember(schema, keyword)) visit(each)
  }
  return follow
}

function isReadOnly(schema: unknown): boolean {
  return member(schema, 'readOnly') === true
}

/** Patterns of other regular expressions than JavaScript's say nothing here; the server still checks them. */
function isPattern(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 1000) return false
  try {
    RegExp(value, 'u')
    return true
  } catch {
    return false
  }
}
