import type { Violation } from '../violation.ts'

/** Lines that a source file may have at most. */
const maximumLines = 250

const vagueNames = /(?:^|\/)(?:utils?|helpers?|common|types|misc|shared)(?:\.ts)?(?:\/|$)/

/** Checks name and size of a source file. The path is relative to the root. */
export function checkFileShape(path: string, text: string): Violation[] {
  const messages: string[] = []
  const inside = path.replace(/^(?:packages|examples)\/[^/]+\/src\//, '')
  if (!/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)?\.ts$/.test(inside))
    messages.push('name must be in kebab-case and end in .ts')
  if (vagueNames.test(inside)) messages.push('name must say what is inside')
  const lines = countLines(text)
  if (lines > maximumLines) messages.push(`has ${lines} lines, more than ${maximumLines}`)
  return messages.map((message) => ({ where: path, message }))
}

/** Lines of a text, not counting what follows the last line break. */
export function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

/** Lines that are neither blank nor comment. */
export function countCodeLines(text: string): number {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}

/** The middle of a list of numbers; of two middles the greater, so that a limit on it is the stricter. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0
}
