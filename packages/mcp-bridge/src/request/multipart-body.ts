import { isObject, member, objectMember, textMember, type JsonObject } from '../document/json-object.ts'
import { dereference } from '../document/resolve-reference.ts'
import { ArgumentError } from './argument-error.ts'

const file = {
  type: 'object',
  description: 'A file. Its content is given here; paths and URLs are not read.',
  properties: {
    filename: { type: 'string', maxLength: 255 },
    contentType: { type: 'string', maxLength: 255 },
    text: { type: 'string', description: 'The content, when it is text' },
    base64: { type: 'string', description: 'The content in base64, when it is not' },
  },
  additionalProperties: false,
}

/** The schema of a multipart body with its files as objects. */
export function fileSchema(schema: JsonObject, root: JsonObject): JsonObject {
  const properties = Object.entries(objectMember(schema, 'properties')).map(([name, property]) => [
    name,
    isFile(property, root) ? file : isFileList(property, root) ? { type: 'array', items: file } : property,
  ])
  return { ...schema, properties: Object.fromEntries(properties) as JsonObject }
}

/**
 * The members of an object as a multipart form. File names and values are escaped by the platform's own `FormData`.
 *
 * @throws {ArgumentError} when a member cannot be a part
 */
export function multipartBody(
  value: JsonObject,
  schema: JsonObject,
  media: unknown,
  root: JsonObject,
): FormData {
  const form = new FormData()
  for (const [name, item] of Object.entries(value)) {
    const property = member(member(schema, 'properties'), name)
    if (isFile(property, root)) appendFile(form, name, item)
    else if (isFileList(property, root)) for (const each of list(name, item)) appendFile(form, name, each)
    else if (
      Array.isArray(item) &&
      textMember(member(objectMember(media, 'encoding'), name), 'contentType') === undefined
    )
      for (const each of item) form.append(name, part(each))
    else form.append(name, part(item))
  }
  return form
}

function part(value: unknown): string | Blob {
  return typeof value === 'object' && value !== null
    ? new Blob([JSON.stringify(value)], { type: 'application/json' })
    : String(value)
}

function appendFile(form: FormData, name: string, value: unknown): void {
  if (!isObject(value)) throw new ArgumentError(`${name} must be a file: an object with "text" or "base64"`)
  const { text, base64, filename = 'file', contentType: type = 'application/octet-stream' } = value
  if ((typeof text === 'string') === (typeof base64 === 'string'))
    throw new ArgumentError(`${name} must have either "text" or "base64"`)
  if (typeof type !== 'string' || !/^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/i.test(type))
    throw new ArgumentError(`the contentType of ${name} is no media type`)
  const content = typeof text === 'string' ? text : parseBase64(name, base64)
  form.append(name, new Blob([content], { type }), safeName(name, filename))
}

/** @throws {ArgumentError} when the name is more than that of a file: whoever stores it under this name would leave its folder */
function safeName(name: string, filename: unknown): string {
  if (
    typeof filename !== 'string' ||
    filename === '' ||
    filename === '.' ||
    filename === '..' ||
    /[/\\\p{Cc}]/u.test(filename)
  )
    throw new ArgumentError(`the filename of ${name} must be a plain file name`)
  return filename
}

/** @throws {ArgumentError} when it is no base64 */
export function parseBase64(name: string, value: unknown): Uint8Array<ArrayBuffer> {
  try {
    if (typeof value === 'string') return Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
  } catch {}
  throw new ArgumentError(`${name} must be base64`)
}

function list(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ArgumentError(`${name} must be a list of files`)
  return value
}

function isFile(property: unknown, root: JsonObject): boolean {
  const schema = dereference(property, root)
  const type = textMember(schema, 'type')
  if (type === 'object' || type === 'array') return false
  return (
    textMember(schema, 'format') === 'binary' ||
    textMember(schema, 'contentEncoding') === 'binary' ||
    textMember(schema, 'contentMediaType') === 'application/octet-stream'
  )
}

function isFileList(property: unknown, root: JsonObject): boolean {
  const schema = dereference(property, root)
  return textMember(schema, 'type') === 'array' && isFile(member(schema, 'items'), root)
}
