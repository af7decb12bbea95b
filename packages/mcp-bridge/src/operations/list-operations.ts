import {
  isObject,
  listMember,
  member,
  objectMember,
  textMember,
  type JsonObject,
} from '../document/json-object.ts'
import type { OpenApiDocument } from '../document/parse-document.ts'
import { dereference } from '../document/resolve-reference.ts'
import type { DescribedOperation } from './operation.ts'

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'] as const
// What they answer is about the server, and TRACE sends back the credential.
const withoutUse: ReadonlySet<string> = new Set(['head', 'options', 'trace'])

/**
 * The operations of a document, in its order.
 *
 * @throws {TypeError} when two have one `operationId`, or a part of them is not in the document
 */
export function listOperations({ root }: OpenApiDocument): readonly DescribedOperation[] {
  const operations: DescribedOperation[] = []
  const ids = new Map<string, string>()
  for (const [path, item] of Object.entries(objectMember(root, 'paths'))) {
    if (!path.startsWith('/')) continue
    const shared = dereference(item, root)
    for (const method of methods) {
      const described = member(shared, method)
      if (!isObject(described) || withoutUse.has(method)) continue
      const id = textMember(described, 'operationId') || `${method}${path}`
      const place = `${method.toUpperCase()} ${path}`
      const other = ids.get(id)
      if (other !== undefined)
        throw new TypeError(`the operationId "${id.slice(0, 200)}" stands at ${other} and at ${place}`)
      ids.set(id, place)
      operations.push(describe(id, method, path, described, shared, root))
    }
  }
  return operations
}

function describe(
  id: string,
  method: string,
  path: string,
  described: JsonObject,
  shared: unknown,
  root: JsonObject,
): DescribedOperation {
  const parameters = new Map<string, JsonObject>()
  for (const listed of [...listMember(shared, 'parameters'), ...listMember(described, 'parameters')]) {
    const parameter = dereference(listed, root)
    // A parameter of the operation replaces the one of its path.
    if (isObject(parameter))
      parameters.set(`${textMember(parameter, 'in')} ${textMember(parameter, 'name')}`, parameter)
  }
  const body = dereference(member(described, 'requestBody'), root)
  return {
    id,
    method: method.toUpperCase(),
    path,
    tags: listMember(described, 'tags').filter((tag) => typeof tag === 'string'),
    summary: textMember(described, 'summary'),
    description: textMember(described, 'description'),
    deprecated: member(described, 'deprecated') === true,
    securityScopes: securityScopes(member(described, 'security') ?? member(root, 'security'), root),
    parameters: [...parameters.values()],
    requestBody: isObject(body) ? body : undefined,
  }
}

function securityScopes(security: unknown, root: JsonObject): readonly string[] | undefined {
  if (!Array.isArray(security)) return undefined
  const schemes = objectMember(objectMember(root, 'components'), 'securitySchemes')
  const scopes = security.filter(isObject).flatMap((requirement) =>
    Object.entries(requirement).flatMap(([name, needed]) => {
      const type = textMember(dereference(member(schemes, name), root), 'type')
      return (type === 'oauth2' || type === 'openIdConnect') && Array.isArray(needed) ? needed : []
    }),
  )
  const names = [...new Set(scopes.filter((scope) => typeof scope === 'string'))]
  return names.length === 0 ? undefined : names
}
