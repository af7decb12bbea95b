import type { Act } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

/** What a subject token says, whatever it looks like. */
export interface SubjectToken {
  /** One of your users, or a client that acts for itself. */
  readonly subject: string
  /** The most that can be exchanged for it. */
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly exp: number
  /** The grant that it stands on; the new token ends with it. */
  readonly grantId?: string | undefined
  /** Seconds since the epoch. */
  readonly authTime?: number | undefined
  /**
   * Id of the provider that the user logged in through, `password` for a login here. A client that has the option `providers`
   * gets nothing for a user's token that does not say.
   */
  readonly provider?: string | undefined
  readonly act?: Act | undefined
  /** Who alone may act for the subject. @see [RFC 8693 §4.4](https://www.rfc-editor.org/rfc/rfc8693.html#section-4.4) */
  readonly mayAct?: unknown
  /** What policies are shown. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** A kind of token that may be exchanged besides this server's access tokens. Pass it in `subjectTokens` of the grant type. */
export interface SubjectTokens {
  /** Value of `subject_token_type`. @see [RFC 8693 §3](https://www.rfc-editor.org/rfc/rfc8693.html#section-3) */
  readonly type: string
  /** Reads one for the client that presents it, or gives `undefined` when it is not valid, or not the client's to use. */
  read(token: string, client: Client, server: ServerContext): Promise<SubjectToken | undefined>
}
