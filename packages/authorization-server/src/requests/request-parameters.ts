import { OAuthError, readBody } from '@gatewright/core'

const maximumBytes = 64 * 1024
const maximumCount = 100
// RFC 8707 §2 and RFC 8693 §2.1 let these be repeated; nothing else may be.
const repeatable = new Set(['resource', 'audience'])

/** The parameters of one request: a query or a form, read once. */
export interface RequestParameters {
  /** The value of a parameter; an empty value counts as omitted. */
  get(name: string): string | undefined
  /** All values of a parameter that may be repeated, without empty ones. */
  all(name: string): readonly string[]
  /** Names that occur more than once although they must not. */
  readonly repeated: readonly string[]
  /** Every name and value, in order. */
  readonly entries: readonly (readonly [string, string])[]
}

/** The named parameters alone: a grant type sees what it declares, and nothing that was meant for another. */
export function pick(parameters: RequestParameters, names: readonly string[]): RequestParameters {
  return {
    get: (name) => (names.includes(name) ? parameters.get(name) : undefined),
    all: (name) => (names.includes(name) ? parameters.all(name) : []),
    repeated: parameters.repeated.filter((name) => names.includes(name)),
    entries: parameters.entries.filter(([name]) => names.includes(name)),
  }
}

/**
 * Parses a query or a form.
 *
 * @throws {OAuthError} `invalid_request` when there are over 100 parameters
 * @see [RFC 6749 §3.1 - Authorization Endpoint](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1)
 */
export function parseParameters(text: string): RequestParameters {
  return requestParameters([...new URLSearchParams(text)])
}

/**
 * Parameters from names and values.
 *
 * @throws {OAuthError} `invalid_request` when there are over 100
 */
export function requestParameters(entries: readonly (readonly [string, string])[]): RequestParameters {
  if (entries.length > maximumCount)
    throw new OAuthError('invalid_request', 'the request has too many parameters')
  const values = new Map<string, string[]>()
  const repeated = new Set<string>()
  for (const [name, value] of entries) {
    const earlier = values.get(name)
    if (earlier === undefined) values.set(name, [value])
    else {
      earlier.push(value)
      if (!repeatable.has(name)) repeated.add(name)
    }
  }
  return {
    get: (name) => values.get(name)?.[0] || undefined,
    all: (name) => (values.get(name) ?? []).filter((value) => value !== ''),
    repeated: [...repeated],
    entries,
  }
}

/**
 * Reads a back-channel request's form.
 *
 * @throws {OAuthError} `invalid_request` for another content type (400), a body over 64 KiB (413) or a repeated parameter
 * @see [RFC 6749 §3.2 - Token Endpoint](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2)
 */
export async function readForm(request: Request): Promise<RequestParameters> {
  const parameters = parseParameters(await readFormText(request))
  const [repeated] = parameters.repeated
  if (repeated !== undefined)
    throw new OAuthError('invalid_request', `the parameter ${repeated} must not be repeated`)
  return parameters
}

/** Reads a form body as text, refusing every other content type. */
export async function readFormText(request: Request): Promise<string> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new OAuthError('invalid_request', 'the content type must be application/x-www-form-urlencoded')
  const text = await readBody(request, maximumBytes)
  if (text === undefined)
    throw new OAuthError('invalid_request', 'the request body is too large', { status: 413 })
  return text
}
