/** The token types that may be exchanged, and asked for. @see [RFC 8693 §3 - Token Type Identifiers](https://www.rfc-editor.org/rfc/rfc8693.html#section-3) */
export const exchangeableTypes: readonly string[] = [
  'urn:ietf:params:oauth:token-type:access_token',
  'urn:ietf:params:oauth:token-type:jwt',
]
