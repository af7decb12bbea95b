import type { AuthorizationDetail } from '@gatewright/core'

/** Whose approval an authorization detail is a part of. */
export interface DetailApproval {
  readonly clientId: string
  readonly subject: string
}

/** A kind of authorization detail that clients may ask for. */
export interface AuthorizationDetailType {
  /** The value of `type`. */
  readonly name: string
  /** Every field that a detail may have besides `type`; others are refused. */
  readonly fields: readonly string[]
  /** Says what is wrong with a detail, for the developer of the client; `undefined` when nothing is. */
  validate(detail: AuthorizationDetail): string | undefined
  /** What users read on the consent page: all that the detail is about, since they cannot see it otherwise. */
  describe(detail: AuthorizationDetail): string
  /**
   * What of an approved detail is granted: the same, another of this type, or `undefined` for nothing.
   *
   * @default the same
   */
  grant?(
    detail: AuthorizationDetail,
    approval: DetailApproval,
  ): AuthorizationDetail | undefined | Promise<AuthorizationDetail | undefined>
  /**
   * What of a detail a client gets for itself by client credentials, where no user approves: the same, another of this type, or
   * `undefined` to refuse the request.
   *
   * @default such requests are refused
   */
  grantToClient?(
    detail: AuthorizationDetail,
    client: { readonly clientId: string },
  ): AuthorizationDetail | undefined | Promise<AuthorizationDetail | undefined>
}

/** What a client may ask for in `authorization_details`. */
export interface AuthorizationDetailsOptions {
  /** The types of authorization details. @default none */
  readonly authorizationDetails?: readonly AuthorizationDetailType[]
}
