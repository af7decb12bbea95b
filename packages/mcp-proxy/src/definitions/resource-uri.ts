/**
 * The URI under which a resource of an upstream is offered here: its own one, unchanged, behind the prefix of the upstream.
 *
 * Nothing is encoded, so a template stays one, and the way back is to take the beginning off. A prefix has no slash, so what
 * one upstream names can never be taken for what another, or the gateway itself, has: whoever offers `app://admin/1` here
 * does not answer for the gateway's own.
 */
export function localUri(uri: string, prefix: string): string {
  return `upstream:${prefix}/${uri}`
}

/** The upstream's own URI. @throws {TypeError} when it is another upstream's */
export function upstreamUri(uri: string, prefix: string): string {
  const beginning = localUri('', prefix)
  if (!uri.startsWith(beginning)) throw new TypeError('the resource is not one of this upstream')
  return uri.slice(beginning.length)
}
