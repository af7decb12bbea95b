import type { NodeRequest } from './node-messages.ts'

/** What Express, Connect and their relatives write on a request when they mount something under a prefix. */
interface MountedRequest {
  readonly baseUrl?: unknown
  readonly originalUrl?: unknown
}

/**
 * The path and query that the client asked for, with the prefix that a framework removed.
 *
 * Where no prefix was removed, a rewritten `url` counts.
 */
export function requestTarget(request: NodeRequest): string {
  const { baseUrl, originalUrl } = request as MountedRequest
  return baseUrl !== '' && typeof originalUrl === 'string' ? originalUrl : (request.url ?? '')
}

const absoluteForm = /^https?:\/\/[^/\\?#]*/i
// No backslash in the path (a URL parser reads it as a slash), no fragment, nothing that a URL parser would drop.
const originForm = /^\/[!"$->@-[\]-~\u0080-\uFFFF]*(?:\?[!"$-~\u0080-\uFFFF]*)?$/

/**
 * Brings a request target to its path and query, or gives `undefined` for what cannot be a path of ours, such as `*`.
 *
 * The authority of an absolute target is dropped: it is the client's word, as the `Host` header is.
 *
 * @see [RFC 9112 §3.2 - Request Target](https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2)
 */
export function parseRequestTarget(target: string): string | undefined {
  if (target.startsWith('/')) return originForm.test(target) ? target : undefined
  const authority = absoluteForm.exec(target)?.[0]
  if (authority === undefined) return undefined
  const rest = target.slice(authority.length)
  return parseRequestTarget(rest.startsWith('/') ? rest : `/${rest}`)
}

// Segments that are no dots, and no percent sign among them: an encoded dot is a dot to a URL parser.
const canonicalForm = /^(?:\/(?!\.{1,2}(?:[/?]|$))[\w.~!$&'()*+,;=:@-]*)+(?:\?[\w.~!$&()*+,;=:@/?%-]*)?$/

/** Whether a URL parser would leave this path and query as they are, which is cheaper to know than to parse it. */
export function isCanonical(target: string): boolean {
  return canonicalForm.test(target)
}
