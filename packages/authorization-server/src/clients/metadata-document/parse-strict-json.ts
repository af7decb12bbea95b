import { isTooDeep } from '@gatewright/core'

/**
 * Parses JSON of which every reader makes the same: no byte order mark, no name twice in one object, and no nesting that another
 * could not follow.
 *
 * @throws {SyntaxError} for everything else
 * @see [RFC 8259 §4 - Objects](https://www.rfc-editor.org/rfc/rfc8259.html#section-4)
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  if (isTooDeep(text)) throw new SyntaxError('it is nested too deeply')
  const value: unknown = JSON.parse(text)
  // The text is sound JSON by now, so names, and what opens and closes, can be told by a scan.
  const open: (Set<string> | undefined)[] = []
  let expectsName = false
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    const names = open.at(-1)
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (token !== ',' && expectsName && names !== undefined) {
      const name = JSON.parse(token) as string
      if (names.has(name)) throw new SyntaxError(`the member ${token.slice(0, 64)} is there twice`)
      names.add(name)
    }
    expectsName = token === '{' || token === ','
  }
  return value
}
