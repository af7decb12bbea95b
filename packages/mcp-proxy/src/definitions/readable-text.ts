import { printableText } from '@gatewright/core'

/** A text of an upstream in characters that a person sees, or `undefined` when it is none. */
export function readableText(value: unknown, maximumCharacters: number): string | undefined {
  return typeof value === 'string' ? printableText(value, maximumCharacters) : undefined
}
