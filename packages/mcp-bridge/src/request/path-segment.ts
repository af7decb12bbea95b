import { ArgumentError } from './argument-error.ts'

const maximumCharacters = 1024

/**
 * A value as one segment of a path, or a part of one.
 *
 * Everything that separates or steps is encoded. What becomes a step once somebody behind decodes it, be it twice, is refused: a
 * gateway that decodes `%2e%2e%2f` before it routes would reach a path that the document never named (CVE-2026-32871).
 *
 * @throws {ArgumentError} when the value is no text, number or truth value, is empty, too long, or a step
 */
export function pathSegment(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new ArgumentError(`${name} must be a text or a number`)
  const text = String(value)
  if (text === '') throw new ArgumentError(`${name} must not be empty`)
  if (text.length > maximumCharacters)
    throw new ArgumentError(`${name} must not have more than ${maximumCharacters} characters`)
  if (/[\p{Cc}\p{Cs}]/u.test(text)) throw new ArgumentError(`${name} must not contain control characters`)
  if (steps(text)) throw new ArgumentError(`${name} must not contain "." or ".." as a step of a path`)
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Whether a text contains a step to here or up, however often it is decoded. */
function steps(text: string): boolean {
  let decoded = text
  for (let round = 0; round < 8; round++) {
    // Some servers cut what follows a semicolon, some read a backslash as a slash, some a fullwidth dot as a dot.
    const parts = decoded.normalize('NFKC').split(/[/\\]/)
    if (parts.some((part) => /^\s*\.{1,2}\s*$/.test(part.split(';')[0] ?? ''))) return true
    const next = decoded.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    if (next === decoded) return false
    decoded = next
  }
  return true
}
