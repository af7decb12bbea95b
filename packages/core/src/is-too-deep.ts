const maximumDepth = 100

/**
 * Tells whether lists and objects in a JSON text are nested more than 100 deep.
 *
 * It looks at the text, because whatever walks the parsed value later may do so recursively, `JSON.stringify` too, and run out of
 * stack. It does not check that the text is JSON.
 *
 * @example
 * ```ts
 * isTooDeep('[[1], { "a": "[[" }]') // false
 * isTooDeep('['.repeat(101)) // true
 * ```
 */
export function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (inString) {
      if (character === 0x5c) index++
      else if (character === 0x22) inString = false
    } else if (character === 0x22) inString = true
    else if (character === 0x7b || character === 0x5b) {
      if (++depth > maximumDepth) return true
    } else if (character === 0x7d || character === 0x5d) depth--
  }
  return false
}
