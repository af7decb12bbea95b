import type { Violation } from '../violation.ts'

const rules: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\bregistry\.[a-z0-9-]+(?:\.[a-z0-9-]+)+/i, what: 'registry host' },
  {
    pattern: /\b(?:npm\.pkg\.github\.com|npm\.jsr\.io|deb\.debian\.org|[\w.-]+\/artifactory)\b/i,
    what: 'registry host',
  },
  { pattern: /(?<![\w.:/-])\/(?:work|root)\b(?=\/|['"`\s]|$)/, what: 'machine path' },
  { pattern: /(?<![\w.:/-])\/(?:home|Users)\/[\w.-]+/, what: 'machine path' },
  { pattern: /\b[A-Z]:\\+Users\\/, what: 'machine path' },
]

/** Finds registry hosts and absolute paths of one machine in a file of the repository. */
export function checkTrackedText(path: string, text: string): Violation[] {
  return text.split('\n').flatMap((line, index) =>
    rules.flatMap(({ pattern, what }) => {
      const [found] = pattern.exec(line) ?? []
      return found === undefined ? [] : [{ where: `${path}:${index + 1}`, message: `${what} ${found}` }]
    }),
  )
}
