/** The names of members that objects have in common, in their order. */
export interface Shapes {
  /** The number of a list of names; `undefined` when there are too many of them already, or it is too long. */
  numberOf(names: readonly string[]): number | undefined
  namesOf(number: number): readonly string[]
}

const longestList = 32
const longestName = 64
const mostOfLength = 32

/**
 * Creates an empty table. It keeps what it has seen and is bounded: programs store a few kinds of objects, and what else comes is
 * written with its names.
 */
export function createShapes(): Shapes {
  const shapes: (readonly string[])[] = []
  const byLength: number[][] = Array.from({ length: longestList + 1 }, () => [])

  return {
    numberOf(names) {
      const known = byLength[names.length]
      if (known === undefined) return undefined
      for (const number of known) if (areEqual(shapes[number] ?? [], names)) return number
      if (known.length === mostOfLength || names.some(({ length }) => length > longestName)) return undefined
      known.push(shapes.length)
      return shapes.push(names) - 1
    },
    namesOf: (number) => shapes[number] ?? [],
  }
}

function areEqual(known: readonly string[], names: readonly string[]): boolean {
  for (let index = 0; index < names.length; index++) if (known[index] !== names[index]) return false
  return true
}
