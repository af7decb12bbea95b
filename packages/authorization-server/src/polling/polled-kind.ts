import type { EventType } from '@gatewright/core'
import type { ErrorKind } from '../pages/error-page.ts'

/** A grant type whose client asks again and again, until a user has answered elsewhere. */
export interface PolledKind {
  readonly grantType: string
  /** The parameter of the token request that brings the code, and what errors call it. */
  readonly parameter: string
  /** Where its requests are kept: a code of one kind is unknown to every other. */
  readonly collection: string
  /** What the user reads who is not the one to answer. */
  readonly notYours: ErrorKind
  /** The event of a code that is redeemed a second time. */
  readonly reused: EventType
  /** A scope without which there is nothing to approve. */
  readonly requires?: string
}
