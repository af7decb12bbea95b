import { jsonResponse } from '@gatewright/core'
import type { OAuthError } from '@gatewright/core'
import { PageError } from '../requests/page-error.ts'
import type { ServerContext } from '../server-context.ts'

/** The page for an error that must stay here, or JSON for a program that asks for it. Never a redirect. */
export async function errorPageResponse(
  error: OAuthError,
  http: Request,
  server: ServerContext,
): Promise<Response> {
  const accept = http.headers.get('accept') ?? ''
  if (accept.includes('application/json') && !accept.includes('text/html'))
    return jsonResponse(error.toJSON(), error.status, error.headers)
  const failed = error.status >= 500
  const otherwise = failed ? 'failed' : error.status === 429 ? 'too_many' : 'invalid_link'
  const kind = error instanceof PageError ? error.kind : otherwise
  const detail = failed ? error.code : `${error.code}: ${error.message}`
  const uiLocales = new URL(http.url).searchParams.get('ui_locales')?.slice(0, 256).split(' ')
  const status = error.status === 401 ? 400 : error.status
  const response = await server.pages.show('error', { kind, detail }, { http, uiLocales }, status)
  const retryAfter = error.headers['retry-after']
  if (retryAfter !== undefined) response.headers.set('retry-after', retryAfter)
  return response
}
