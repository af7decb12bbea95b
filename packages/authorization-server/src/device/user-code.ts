import type { Runtime } from '@gatewright/core'

// RFC 8628 §6.1: upper case, no vowels, so that no word comes out and nothing looks like a digit.
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ'
const length = 8
const eightOfThem = new RegExp(`^[${alphabet}]{8}$`)

/**
 * A new user code: 8 of 20 letters, 34 bits, written in two groups.
 *
 * @see [RFC 8628 §6.1 - User Code Recommendations](https://www.rfc-editor.org/rfc/rfc8628.html#section-6.1)
 */
export function createUserCode(runtime: Runtime): string {
  let letters = ''
  while (letters.length < length)
    for (const byte of runtime.randomBytes(length))
      // Bytes beyond a multiple of 20 are thrown away, or the first letters would be drawn more often.
      if (byte < 240 && letters.length < length) letters += alphabet[byte % alphabet.length]
  return `${letters.slice(0, length / 2)}-${letters.slice(length / 2)}`
}

/** The user code that somebody typed, in its written form; `undefined` when it cannot be one. Case, spaces and dashes do not matter. */
export function readUserCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined
  const letters = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  if (!eightOfThem.test(letters)) return undefined
  return `${letters.slice(0, length / 2)}-${letters.slice(length / 2)}`
}
