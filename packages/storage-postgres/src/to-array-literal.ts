/**
 * Returns the text that PostgreSQL reads as an array. Elements are always quoted, so that nothing in them is ever
 * read as a delimiter or as a null.
 */
export function toArrayLiteral(elements: readonly (string | number | null)[]): string {
  const quoted = elements.map((element) =>
    element === null ? 'NULL' : `"${String(element).replaceAll(/["\\]/g, String.raw`\$&`)}"`,
  )
  return `{${quoted.join(',')}}`
}
