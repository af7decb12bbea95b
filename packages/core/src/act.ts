/**
 * Who acts for the subject: the newest actor, with the earlier ones inside it.
 *
 * @see [RFC 8693 §4.1 - "act" (Actor) Claim](https://www.rfc-editor.org/rfc/rfc8693.html#section-4.1)
 */
export interface Act {
  readonly sub: string
  readonly act?: Act
}
