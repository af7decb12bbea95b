// A URL parser drops tabs and line breaks and reads a backslash as a slash: two texts with one meaning, or one with two.
const identifier = /^https?:\/\/[^/?#@\\\s\p{Cc}]+(?:[/?][^#\\\s\p{Cc}]*)?$/iu

/** Whether a URL's hostname names this machine: exactly `127.0.0.1`, `[::1]` or `localhost`. */
export function isLoopbackHostname(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost'
}

/**
 * Checks a URL that identifies a server in configuration: an issuer or a resource.
 *
 * @param what how the message calls it, for example `issuer`
 * @throws {TypeError} when it is not absolute, is not https (or http on loopback), has credentials, a query or a fragment, or
 * is not written as a URL parser reads it
 * @see [RFC 8414 §2 - Authorization Server Metadata](https://www.rfc-editor.org/rfc/rfc8414.html#section-2)
 */
export function checkOriginUrl(value: string, what: string): URL {
  if (!URL.canParse(value)) throw new TypeError(`${what} must be an absolute URL, got "${value}"`)
  const url = new URL(value)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHostname(url.hostname)))
    throw new TypeError(
      `${what} must be an https URL (http only on 127.0.0.1, [::1] or localhost), got "${value}"`,
    )
  if (url.username !== '' || url.password !== '') throw new TypeError(`${what} must not carry credentials`)
  if (value.includes('?') || value.includes('#'))
    throw new TypeError(`${what} must have no query and no fragment, got "${value}"`)
  // What passes here has a canonical form, so two identifiers never compare equal for having none.
  if (canonicalResource(value) === undefined)
    throw new TypeError(`${what} must be written without blanks, backslashes and "@", got "${value}"`)
  return url
}

/** Whether a presented identifier means a resource that {@link checkOriginUrl} has passed, in whatever spelling. */
export function isSameResource(presented: string, resource: string): boolean {
  // Nearly every client sends what the metadata says; only other spellings are worth parsing.
  if (presented === resource) return true
  const canonical = canonicalResource(presented)
  return canonical !== undefined && canonical === canonicalResource(resource)
}

/**
 * The form in which resource identifiers are compared: scheme and host in lower case, no default port, no slash at the end of a bare origin.
 *
 * The path is left as it is. Gives `undefined` for what is no resource identifier: relative, not http(s), with credentials or
 * a fragment, over 2,048 characters, or with what a URL parser would repair.
 *
 * @see [RFC 8707 §2 - Resource Parameter](https://www.rfc-editor.org/rfc/rfc8707.html#section-2)
 */
export function canonicalResource(value: string): string | undefined {
  if (value.length > 2048 || !identifier.test(value) || !URL.canParse(value)) return undefined
  const path = value.slice(value.indexOf('//') + 2).replace(/^[^/?]*/, '')
  const { origin } = new URL(value)
  return path === '/' ? origin : origin + path
}
