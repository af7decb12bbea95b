/** A compiled URI template. */
export interface UriTemplate {
  readonly variables: readonly string[]
  /** The decoded variables of a URI that fits, or `undefined`. */
  match(uri: string): Readonly<Record<string, string>> | undefined
}

const maximumLength = 2048
const expression = /\{([^{}]*)\}/g

/**
 * Compiles a template of simple expressions, such as `app://{owner}/{name}`.
 *
 * A variable stands for a part of one path segment: what it decodes to never holds a slash, a control
 * character, or a segment that means another directory.
 *
 * @throws {TypeError} when it has another kind of expression, or two variables in one segment
 * @see [RFC 6570 §3.2.2 - Simple String Expansion](https://www.rfc-editor.org/rfc/rfc6570.html#section-3.2.2)
 */
export function compileUriTemplate(template: string): UriTemplate {
  const problem = (why: string) => new TypeError(`the URI template "${template}" ${why}`)
  if (template.length > maximumLength) throw problem('is too long')
  const variables = [...template.matchAll(expression)].map(([, name = '']) => name)
  if (variables.some((name) => !/^\w{1,64}$/.test(name)))
    throw problem('may only have expressions of the form {name}')
  if (new Set(variables).size !== variables.length) throw problem('uses a variable twice')
  const literals = template.split(expression).filter((_, index) => index % 2 === 0)
  if (literals.some((literal) => /[{}]/.test(literal))) throw problem('has a brace that is not closed')
  // One variable per segment also keeps matching linear: no two of them can share what they match.
  if (literals.slice(1, -1).some((literal) => !literal.includes('/')))
    throw problem('must have a slash between two variables')
  const pattern = new RegExp(`^${literals.map(escapeLiteral).join('([^/?#]+)')}$`)

  return {
    variables,
    match(uri) {
      if (uri.length > maximumLength) return undefined
      const found = pattern.exec(uri)
      if (found === null) return undefined
      const values = found.slice(1).map(decodeSegment)
      return values.includes(undefined)
        ? undefined
        : Object.fromEntries(variables.map((name, index) => [name, values[index] ?? '']))
    },
  }
}

function escapeLiteral(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]|/]/g, String.raw`\$&`)
}

function decodeSegment(segment: string): string | undefined {
  try {
    const value = decodeURIComponent(segment)
    // eslint-disable-next-line no-control-regex
    return value === '.' || value === '..' || /[/\\\u0000-\u001f\u007f]/.test(value) ? undefined : value
  } catch {
    return undefined
  }
}
