declare const validated: unique symbol

/**
 * A redirect URI that has matched the client's registration; a server may send an authorization response
 * only to one of these.
 *
 * Only the matcher makes it: a plain string is not assignable to it, so that redirecting to a URI which
 * nobody has compared does not compile.
 *
 * @see [RFC 9700 §4.11.2 - Authorization Server as Open Redirector](https://www.rfc-editor.org/rfc/rfc9700.html#section-4.11.2)
 */
export type ValidatedRedirectUri = string & { readonly [validated]: true }
