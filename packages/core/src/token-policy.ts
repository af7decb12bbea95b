import type { Act } from './act.ts'

/** What a policy decides on before a token is minted. Field names are those of Maverics, so that its rules carry over. */
export interface TokenPolicyInput {
  readonly request: {
    readonly oauth: {
      readonly client_id: string
      readonly grant_type: string
      /** The scopes about to be granted. */
      readonly scope: readonly string[]
      /** The resources that the token will be good for. */
      readonly audience: readonly string[]
      readonly subject_token?: { readonly claims: Readonly<Record<string, unknown>> }
    }
  }
  readonly subject?: string | undefined
  readonly act?: Act | undefined
  /** Where the request came from; `ip` is absent when the adapter does not know it, and address rules then deny. */
  readonly source: { readonly ip?: string | undefined }
  /** The current instant in milliseconds. */
  readonly time: number
}

/** What a policy says. `constrain` only ever narrows. */
export interface Decision {
  readonly allowed: boolean
  /** Which rule decided; reaches events only. */
  readonly rule?: string
  /** Reaches events only. */
  readonly internal_message?: string
  /** Reaches the client as `error_description`. */
  readonly external_message?: string
  readonly constrain?: {
    readonly scope?: readonly string[]
    /** Seconds. */
    readonly lifetime?: number
    readonly audience?: readonly string[]
  }
}

/** Decides whether a token is minted. All policies must allow; one that throws denies. */
export type TokenPolicy = (input: TokenPolicyInput) => Decision | Promise<Decision>
