/**
 * Writes the fields of a parsed form as a form again.
 *
 * What was sent twice under one name is written twice. What a parser made of brackets (`code[]=a`, `scope[x]=y`) gets names with
 * brackets, so that it can never pass for `code` or `scope`.
 */
export function encodeForm(fields: object): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) append(parameters, name, value)
  return parameters.toString()
}

function append(parameters: URLSearchParams, name: string, value: unknown): void {
  if (typeof value === 'string') return parameters.append(name, value)
  if (typeof value !== 'object' || value === null)
    return parameters.append(name, value === null || value === undefined ? '' : JSON.stringify(value))
  const entries = Object.entries(value)
  const repeated = isRepeated(entries)
  for (const [key, item] of entries)
    append(
      parameters,
      repeated ? name : `${name}[${entries.length > 1 || !Array.isArray(value) ? key : ''}]`,
      item,
    )
}

// A list of one was written with brackets. A long list comes out of some parsers as an object with the keys 0, 1, 2 …
function isRepeated(entries: readonly (readonly [string, unknown])[]): boolean {
  return (
    entries.length > 1 &&
    entries.every(([key, item], index) => key === String(index) && typeof item === 'string')
  )
}
