import { ArgumentError } from './argument-error.ts'

/** The path of an operation with places for its parameters. */
export interface PathTemplate {
  readonly names: readonly string[]
  /** @throws {ArgumentError} when a value is missing, or a segment has become a step */
  fill(values: ReadonlyMap<string, string>): string
}

/** Parses a path; gives `undefined` for one with a query, a fragment, or braces without a name. */
export function parsePathTemplate(path: string): PathTemplate | undefined {
  const parts = path.split(/\{([^{}]+)\}/)
  const names = parts.filter((_, index) => index % 2 === 1)
  const fixed = parts.filter((_, index) => index % 2 === 0)
  if (fixed.some((part) => /[{}?#\\\s]/.test(part))) return undefined
  return {
    names,
    fill(values) {
      const filled = parts
        .map((part, index) => {
          if (index % 2 === 0)
            return part.replaceAll(/[^\w\-.~!$&'()*+,;=:@%/]/g, (character) => encodeURIComponent(character))
          const value = values.get(part)
          if (value === undefined) throw new ArgumentError(`${part} is missing`)
          return value
        })
        .join('')
      // `{a}{b}` makes a step of two values that are none.
      if (filled.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
        throw new ArgumentError('the arguments make a step of a path')
      return filled
    },
  }
}
