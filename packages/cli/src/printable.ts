/** Text from elsewhere as it may be shown in a terminal, which obeys control characters. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{FFFD}')
}
