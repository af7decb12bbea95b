/**
 * The origin of a handler, when it is one that requests can have.
 *
 * @throws {TypeError} when it is no http(s) origin
 */
export function checkOrigin(origin: string): string {
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new TypeError(`the handler's origin must be an http(s) origin, got "${origin}"`)
  return origin
}
