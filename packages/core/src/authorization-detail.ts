/** One thing that was asked for or granted beyond scopes, such as one payment. @see [RFC 9396 §2](https://www.rfc-editor.org/rfc/rfc9396.html#section-2) */
export interface AuthorizationDetail {
  readonly type: string
  readonly [field: string]: unknown
}
