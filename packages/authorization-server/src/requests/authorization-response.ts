import type { OAuthError } from '@gatewright/core'
import type { ValidatedRedirectUri } from '@gatewright/redirect-uri'
import type { Pages } from '../pages/create-pages.ts'
import { submitElement } from '../pages/form-post-page.ts'
import type { ResponseMode } from './response-mode.ts'

/** Where an authorization response goes. Only a matched redirect URI can be one: forgetting the check does not compile. */
export interface ResponseTarget {
  readonly redirectUri: ValidatedRedirectUri
  readonly state: string | undefined
  readonly responseMode: ResponseMode
  /** What users call the client. */
  readonly clientName: string
  /** The languages that the client names for its user. */
  readonly uiLocales?: readonly string[] | undefined
}

/** Who answers, and whom. */
export interface Answering {
  readonly issuer: string
  readonly pages: Pages
  readonly http: Request
}

/**
 * The redirect, or the posted form, that ends an authorization request, with `iss` and, when the client sent one, `state`.
 *
 * @see [RFC 6749 §4.1.2 - Authorization Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2)
 * @see [RFC 9207 §2 - Response Parameter "iss"](https://www.rfc-editor.org/rfc/rfc9207.html#section-2)
 */
export async function authorizationResponse(
  { redirectUri, responseMode, state, clientName, uiLocales }: ResponseTarget,
  parameters: Readonly<Record<string, string>>,
  { issuer, pages, http }: Answering,
): Promise<Response> {
  const fields = { ...parameters, ...(state === undefined ? {} : { state }), iss: issuer }
  if (responseMode === 'form_post') {
    const content = { clientName, action: redirectUri, fields, submit: submitElement }
    return pages.show('formPost', content, { http, uiLocales })
  }
  const answer = new URLSearchParams(fields)
  // A registered query is kept as it is; the answer is added to it.
  const location = `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${answer.toString()}`
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  })
}

/** A refusal that the client is told. */
export function errorResponse(
  target: ResponseTarget,
  error: OAuthError,
  answering: Answering,
): Promise<Response> {
  return authorizationResponse(target, error.toJSON(), answering)
}
