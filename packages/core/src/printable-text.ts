// Sequences that command a terminal; characters that show nothing, or turn what follows; halves of characters; control characters but
// tab and line feed.
const hidden =
  /(?![\t\n])\p{Cc}(?:\[[0-?]*[ -/]*[@-~]|\][^\p{Cc}]*(?:\p{Cc}\\?)?)|[\p{DI}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?![\t\n])\p{Cc}/gu

/**
 * A text that others wrote, without what a person who reads it does not see, cut to a length.
 *
 * A description is read by a model and approved by a person: what only one of the two sees is how a tool is poisoned. Markup is text
 * like any other; whoever shows it as HTML must escape it.
 */
export function printableText(text: string, maximumCharacters: number): string {
  const plain = text
    .slice(0, maximumCharacters * 4)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(hidden, '')
  return plain.length > maximumCharacters
    ? `${plain.slice(0, maximumCharacters - 1).replace(/\p{Cs}$/u, '')}…`
    : plain
}
