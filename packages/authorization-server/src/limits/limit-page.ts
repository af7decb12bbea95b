import { OAuthError } from '@gatewright/core'
import { PageError } from '../requests/page-error.ts'

/** Turns the refusal of a limit into a page. It is no answer to the client: the user may try again later. */
export async function limitPage(limit: () => Promise<void>): Promise<void> {
  try {
    await limit()
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    throw new PageError('too_many', error.code, error.message, error.status, error.headers)
  }
}
