import type { Act } from './act.ts'
import type { AuthorizationDetail } from './authorization-detail.ts'

/** What every policy is told, whatever it decides on. */
export interface PolicyInput {
  readonly request: {
    readonly oauth: {
      readonly client_id: string
      /** The scopes about to be granted, or those of the token that is presented. */
      readonly scope: readonly string[]
      /** The resources that the token will be good for, or is. */
      readonly audience: readonly string[]
      /** The authorization details of the token; absent when it has none. */
      readonly authorization_details?: readonly AuthorizationDetail[]
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
  /** Reaches the client: as `error_description`, or as the text of a refused call. */
  readonly external_message?: string
  /** Limits on a token that is minted. A call cannot be limited, and is refused instead. */
  readonly constrain?: {
    readonly scope?: readonly string[]
    /** Seconds. */
    readonly lifetime?: number
    readonly audience?: readonly string[]
  }
}

/** A rule over requests of one kind; a rule that needs no more than {@link PolicyInput} fits every kind. */
export type Policy<Input extends PolicyInput = PolicyInput> = (input: Input) => Decision | Promise<Decision>

/**
 * Asks a policy, and turns whatever goes wrong into a denial.
 *
 * A policy that throws, or answers with something else than a decision, must not open the door.
 */
export async function askPolicy<Input extends PolicyInput>(
  policy: Policy<Input>,
  input: Input,
): Promise<Decision> {
  try {
    const decision = await policy(input)
    if (decision?.allowed === true || decision?.allowed === false) return decision
    return { allowed: false, rule: 'malformed', internal_message: 'the policy returned no decision' }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown cause'
    return { allowed: false, rule: 'failed', internal_message: `the policy failed: ${why}` }
  }
}
