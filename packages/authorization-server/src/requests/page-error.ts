import { OAuthError } from '@gatewright/core'
import type { OAuthErrorCode } from '@gatewright/core'
import type { ErrorKind } from '../pages/error-page.ts'

/** A refusal that only the user is told, on a page: there is no redirect URI that may be trusted. */
export class PageError extends OAuthError {
  /** What the user reads, in the language of the page; `message` is for the developer of the client. */
  readonly kind: ErrorKind

  constructor(
    kind: ErrorKind,
    code: OAuthErrorCode,
    message: string,
    status = 400,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message, { status, headers })
    this.name = 'PageError'
    this.kind = kind
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'PageError'
  }
}
