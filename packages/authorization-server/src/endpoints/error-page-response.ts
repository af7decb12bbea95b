import { jsonResponse } from '@gatewright/core'
import type { OAuthError } from '@gatewright/core'
import { errorPage } from '../pages/error-page.ts'
import { pageResponse } from '../pages/page-response.ts'
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
    return jsonResponse(error.toJSON(), error.status)
  const title =
    error instanceof PageError
      ? error.title
      : error.status >= 500
        ? 'Something went wrong here'
        : 'This link is not valid'
  const message = error.status >= 500 ? 'Please try again in a moment.' : sentence(error.message)
  const { productName } = server.options
  return pageResponse(
    errorPage({ productName, title, message, detail: error.code }),
    error.status === 401 ? 400 : error.status,
  )
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
