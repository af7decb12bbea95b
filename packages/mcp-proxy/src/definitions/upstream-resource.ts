import { sizeProblem } from './definition-size.ts'
import { localUri } from './resource-uri.ts'

/** A resource as its server describes it, or a template of resources: one has `uri`, the other `uriTemplate`. */
export interface UpstreamResource {
  readonly uri?: string | undefined
  readonly uriTemplate?: string | undefined
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly mimeType?: string | undefined
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

const maximumLength = 2048

/** Why a description of a resource is not taken, or `undefined` when it is. */
export function resourceProblem(
  resource: Partial<UpstreamResource>,
  member: 'uri' | 'uriTemplate',
  prefix: string,
): string | undefined {
  const { [member]: uri, name } = resource
  if (
    typeof uri !== 'string' ||
    localUri(uri, prefix).length > maximumLength ||
    !URL.canParse(uri.replaceAll(/[{}]/g, ''))
  )
    return 'invalid_uri'
  // What looks like a template is one to the registry: a single resource would open all that fit.
  if (/[{}]/.test(uri) !== (member === 'uriTemplate')) return 'invalid_uri'
  if (typeof name !== 'string' || name === '') return 'malformed'
  return sizeProblem(resource)
}
