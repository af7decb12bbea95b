import { OAuthError } from '@gatewright/core'

/** The refusal of authorization details. @see [RFC 9396 §5](https://www.rfc-editor.org/rfc/rfc9396.html#section-5) */
export const invalidDetails = (message: string): OAuthError =>
  new OAuthError('invalid_authorization_details', message)
