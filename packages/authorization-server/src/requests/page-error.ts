import { OAuthError } from '@gatewright/core'
import type { OAuthErrorCode } from '@gatewright/core'

/** A refusal that only the user is told, on a page: there is no redirect URI that may be trusted. */
export class PageError extends OAuthError {
  readonly title: string

  constructor(title: string, code: OAuthErrorCode, message: string, status = 400) {
    super(code, message, { status })
    this.name = 'PageError'
    this.title = title
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'PageError'
  }
}
