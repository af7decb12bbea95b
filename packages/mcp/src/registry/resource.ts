import type { Caller, CallExtra } from './caller.ts'
import type { ResourceContents } from './content.ts'
import { compileEntry, type Entry, type EntryContext } from './entry.ts'
import type { Listing, Requirement } from './requirement.ts'
import { compileUriTemplate, type UriTemplate } from './uri-template.ts'

/** Suggests values for an argument that a user is typing. */
export type Completer = (
  value: string,
  caller: Caller,
  /** The other arguments, as far as the user has filled them in. */
  others: Readonly<Record<string, string>>,
  extra: CallExtra,
) => readonly string[] | Promise<readonly string[]>

/** What a client is told about a resource, and who may read it. */
export type ResourceOptions<Name extends string = string> = Requirement<Name> & {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly mimeType?: string | undefined
  /** Whether callers without the scopes see it in lists; they cannot read it either way. @default 'hide' */
  readonly list?: Listing | undefined
  /** Suggestions for the variables of a template. */
  readonly complete?: Readonly<Record<string, Completer>> | undefined
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  readonly icons?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** What a handler gives for a resource: `uri` and `mimeType` are filled in when they are left out. */
export type ReadContents = Omit<ResourceContents, 'uri' | 'text' | 'blob'> & {
  readonly uri?: string
  readonly text?: string
  /** Base64. */
  readonly blob?: string
}

/** Reads a resource, or gives `undefined` when there is none. What it throws is hidden from the client. */
export type ResourceHandler = (
  variables: Readonly<Record<string, string>>,
  caller: Caller,
  extra: CallExtra & { readonly uri: string },
) => ReadAnswer | Promise<ReadAnswer>

/** The contents, if there are any. */
export type ReadAnswer = ReadContents | readonly ReadContents[] | undefined

/** A registered resource or template of resources. */
export interface Resource extends Entry {
  readonly template: UriTemplate | undefined
  readonly mimeType: string | undefined
  readonly complete: ReadonlyMap<string, Completer>
  readonly handler: ResourceHandler
}

/** @throws {TypeError} when the URI is malformed, or the resource does not say who may read it */
export function compileResource(
  uri: string,
  options: ResourceOptions,
  handler: ResourceHandler,
  context: EntryContext,
): Resource {
  const what = `the resource "${uri}"`
  const { name, title, description, mimeType, complete = {}, annotations, icons, _meta } = options
  if (typeof name !== 'string' || name === '') throw new TypeError(`${what} needs a name`)
  const template = uri.includes('{') || uri.includes('}') ? compileUriTemplate(uri) : undefined
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f"<>\\]/.test(uri) || !URL.canParse(uri.replaceAll(/[{}]/g, '')))
    throw new TypeError(`${what} must be an absolute URI`)
  for (const variable of Object.keys(complete))
    if (!template?.variables.includes(variable)) throw new TypeError(`${what} has no variable "${variable}"`)
  const listed = {
    ...(template === undefined ? { uri } : { uriTemplate: uri }),
    name,
    title,
    description,
    mimeType,
    annotations,
    icons,
    _meta,
  }
  return {
    ...compileEntry(uri, options, listed, context, what),
    template,
    mimeType,
    complete: new Map(Object.entries(complete)),
    handler,
  }
}
