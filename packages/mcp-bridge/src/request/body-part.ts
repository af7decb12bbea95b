import { isObject, member, objectMember, textMember, type JsonObject } from '../document/json-object.ts'
import { dereference } from '../document/resolve-reference.ts'
import { ArgumentError } from './argument-error.ts'
import { formBody } from './form-body.ts'
import { fileSchema, multipartBody, parseBase64 } from './multipart-body.ts'
import type { ArgumentPart } from './request-parts.ts'
import type { WithheldParameter } from './parameter-part.ts'

/** How a body of one media type is described and written. */
interface BodyForm {
  readonly schema: unknown
  write(value: unknown): BodyInit
}

/** Makes an argument of a request body, in the media type that says most, or says why it is none. */
export function bodyPart(body: JsonObject, root: JsonObject): ArgumentPart | WithheldParameter {
  const required = member(body, 'required') === true
  const forms = Object.entries(objectMember(body, 'content')).flatMap(([type, media]) => {
    const form = bodyForm(type.toLowerCase(), media, root)
    return form === undefined ? [] : [{ type, form }]
  })
  const rank = ({ type }: { type: string }) =>
    ['json', 'form-urlencoded', 'multipart/', 'text/', ''].findIndex((part) =>
      type.toLowerCase().includes(part),
    )
  const best = forms.toSorted((left, right) => rank(left) - rank(right))[0]
  if (best === undefined) {
    const types = Object.keys(objectMember(body, 'content')).join(', ').slice(0, 200)
    return { withheld: `its body is of the type ${types}`, required }
  }
  const { type, form } = best
  return {
    argument: 'body',
    required,
    description: textMember(body, 'description'),
    schema: form.schema,
    write(value, parts) {
      parts.body = form.write(value)
      // The boundary of a multipart body is chosen with the body.
      if (!(parts.body instanceof FormData)) parts.headers.set('content-type', type)
    },
  }
}

function bodyForm(type: string, media: unknown, root: JsonObject): BodyForm | undefined {
  const schema = member(media, 'schema') ?? {}
  const [essence = ''] = type.split(';')
  if (/^application\/(?:[\w.+-]+\+)?json$/.test(essence))
    return { schema, write: (value) => JSON.stringify(value) }
  if (essence === 'application/x-www-form-urlencoded')
    return { schema, write: (value) => formBody(object(value), media) }
  if (essence === 'multipart/form-data') {
    const described = dereference(schema, root)
    if (!isObject(described)) return undefined
    return {
      schema: fileSchema(described, root),
      write: (value) => multipartBody(object(value), described, media, root),
    }
  }
  if (/^text\/[\w.+*-]+$/.test(essence))
    return { schema: { type: 'string' }, write: (value) => String(value) }
  if (essence === 'application/octet-stream' || /^(?:image|audio|video)\/[\w.+*-]+$/.test(essence))
    return {
      schema: { type: 'string', contentEncoding: 'base64', description: 'The bytes, in base64' },
      write: (value) => parseBase64('body', value),
    }
  return undefined
}

function object(value: unknown): JsonObject {
  if (!isObject(value)) throw new ArgumentError('body must be an object')
  return value
}
