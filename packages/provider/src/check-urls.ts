type Urls = Readonly<Record<string, string | undefined>>

/**
 * Checks the URLs of a configuration.
 *
 * @throws {TypeError} when one is missing, relative, or no http(s) URL without credentials and fragment
 */
export function checkUrls(what: string, required: Urls, optional: Urls): void {
  for (const [name, value] of Object.entries(required))
    if (typeof value !== 'string' || value === '') throw new TypeError(`${what}: ${name} is missing`)
  for (const [name, value] of Object.entries({ ...required, ...optional })) {
    if (value === undefined) continue
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new TypeError(`${what}: ${name} must be an absolute http(s) URL, got ${JSON.stringify(value)}`)
    if (url.username !== '' || url.password !== '' || url.hash !== '')
      throw new TypeError(`${what}: ${name} must have neither credentials nor a fragment`)
  }
}
