import type { JsonObject } from '../document/json-object.ts'
import type { BaseUrl } from './base-url.ts'
import type { PathTemplate } from './path-template.ts'
import { encodePairs } from './query-pairs.ts'
import type { ArgumentPart, RequestParts } from './request-parts.ts'

/** What a tool's arguments become: the method, the place, and which argument goes where. */
export interface RequestPlan {
  readonly method: string
  readonly base: BaseUrl
  readonly path: PathTemplate
  readonly parts: readonly ArgumentPart[]
}

/**
 * Makes the request of checked arguments.
 *
 * @throws {ArgumentError} when one of them cannot be sent
 */
export function toRequest(
  { method, base, path, parts }: RequestPlan,
  args: JsonObject,
): {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: BodyInit | undefined
} {
  const made: RequestParts = { path: new Map(), query: [], headers: new Headers(), body: undefined }
  for (const part of parts) {
    const value = Object.hasOwn(args, part.argument) ? args[part.argument] : undefined
    if (value !== undefined) part.write(value, made)
  }
  const url = base.below(path.fill(made.path), encodePairs(made.query))
  return { url, method, headers: made.headers, body: made.body }
}
