/**
 * Checks an option that has few values.
 *
 * @throws {TypeError} when the value is none of them: a misspelt choice would count as the default, which may be the laxer one
 */
export function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value))
    throw new TypeError(`${name} must be one of ${choices.join(', ')}, got ${JSON.stringify(value)}`)
}
