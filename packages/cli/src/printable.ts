/** What a server says is shown in a terminal, which obeys control characters. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{FFFD}')
}
