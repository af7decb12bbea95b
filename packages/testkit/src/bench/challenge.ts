/** The parameters of the Bearer challenge of a 401 or 403, by name in lower case; `undefined` without one. */
export function bearerParameters(headers: Headers): ReadonlyMap<string, string> | undefined {
  const header = headers.get('www-authenticate') ?? ''
  const start = /(?:^|,)\s*bearer(?:\s+|$)/i.exec(header)
  if (start === null) return undefined
  const parameters = new Map<string, string>()
  const rest = header.slice(start.index + start[0].length)
  const pair = /\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)/gy
  for (let match = pair.exec(rest); match !== null; match = pair.exec(rest)) {
    const [, name = '', quoted, token] = match
    if (!parameters.has(name.toLowerCase()))
      parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '')
  }
  return parameters
}
