import { printableText } from '@gatewright/core'
import type { JsonObject } from './document/json-object.ts'
import type { OpenApiDocument } from './document/parse-document.ts'
import type { DescribedOperation } from './operations/operation.ts'
import { argumentNames } from './operations/argument-names.ts'
import { bodyPart } from './request/body-part.ts'
import { parameterPart, type WithheldParameter } from './request/parameter-part.ts'
import { parsePathTemplate, type PathTemplate } from './request/path-template.ts'
import type { ArgumentPart } from './request/request-parts.ts'
import type { SchemaConverter } from './schema/convert-schema.ts'

/** What an operation offers as a tool. */
export interface OperationTool {
  readonly title: string | undefined
  readonly description: string
  readonly inputSchema: JsonObject
  readonly annotations: JsonObject
  readonly parts: readonly ArgumentPart[]
  readonly path: PathTemplate
}

const maximumSchemaCharacters = 256 * 1024

/**
 * Makes a tool of an operation, or says in a sentence why it is none.
 *
 * @throws {TypeError} when the document is wrong about it
 */
export function operationTool(
  operation: DescribedOperation,
  { root }: OpenApiDocument,
  convert: SchemaConverter,
): OperationTool | string {
  const found = operation.parameters.map((parameter) => parameterPart(parameter, root))
  if (operation.requestBody !== undefined && operation.method !== 'GET')
    found.push(bodyPart(operation.requestBody, root))
  const missing = found
    .filter((part): part is WithheldParameter => 'withheld' in part)
    .find(({ required }) => required)
  if (missing !== undefined) return missing.withheld
  const parts = argumentNames(found.filter((part): part is ArgumentPart => !('withheld' in part)))
  const path = parsePathTemplate(operation.path)
  if (path === undefined) return 'its path is no template of a path'
  const named = new Set(operation.parameters.filter((each) => each.in === 'path').map(({ name }) => name))
  const unnamed = path.names.find((name) => !named.has(name))
  if (unnamed !== undefined) return `its path has the parameter "${unnamed}", which is not described`

  const { schemas, definitions } = convert(parts.map(({ schema }) => schema))
  const properties = parts.map(({ argument, description }, index) => {
    const converted = schemas[index] ?? {}
    if (description === undefined || typeof converted === 'boolean') return [argument, converted] as const
    return [argument, { ...converted, description: printableText(description, 1000) }] as const
  })
  const required = parts.filter((part) => part.required).map(({ argument }) => argument)
  const inputSchema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  }
  const size = JSON.stringify(inputSchema).length
  if (size > maximumSchemaCharacters)
    return `its schema has ${size} characters, more than ${maximumSchemaCharacters}`
  return { ...about(operation), inputSchema, parts, path }
}

function about({ summary, description, method, path, deprecated }: DescribedOperation) {
  const texts = [
    summary,
    description === summary ? undefined : description,
    deprecated ? 'Deprecated.' : undefined,
  ]
  const told = texts.filter((part) => part !== undefined && part.trim() !== '').join('\n\n')
  return {
    title: summary === undefined ? undefined : printableText(summary, 200),
    description: printableText(told === '' ? `${method} ${path}` : told, 4000),
    annotations: {
      readOnlyHint: method === 'GET',
      ...(method !== 'GET' && {
        destructiveHint: method !== 'POST',
        idempotentHint: method === 'PUT' || method === 'DELETE',
      }),
      openWorldHint: true,
    },
  }
}
