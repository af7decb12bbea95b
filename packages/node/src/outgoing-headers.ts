import type { OutgoingHttpHeaders } from 'node:http'

/** Brings headers to the form that Node writes: names in lower case, each cookie on its own. */
export function outgoingHeaders(init: HeadersInit | undefined): OutgoingHttpHeaders {
  const outgoing: OutgoingHttpHeaders = {}
  if (init === undefined) return outgoing
  if (init instanceof Headers || Array.isArray(init)) return fromHeaders(new Headers(init))
  for (const name of Object.keys(init)) {
    const key = name.toLowerCase()
    // Two spellings of one name are one header with two values.
    if (key in outgoing) return fromHeaders(new Headers(init))
    outgoing[key] = init[name]
  }
  return outgoing
}

function fromHeaders(headers: Headers): OutgoingHttpHeaders {
  const outgoing: OutgoingHttpHeaders = {}
  for (const [name, value] of headers) if (name !== 'set-cookie') outgoing[name] = value
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) outgoing['set-cookie'] = cookies
  return outgoing
}
