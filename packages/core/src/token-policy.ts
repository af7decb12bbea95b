import type { Policy, PolicyInput } from './policy.ts'

/** What policies are told about the client that a token is for, beside its id. */
export interface PolicyClient {
  /** Whether the operator registered it. */
  readonly verified: boolean
  /** What the operator calls it: `agent`, `editor`. Absent for clients that registered themselves. */
  readonly kind?: string | undefined
  /** The groups that the operator put it in. */
  readonly tags: readonly string[]
}

/** What a policy decides on before a token is minted. Field names are those of Maverics, so that its rules carry over. */
export interface TokenPolicyInput extends PolicyInput {
  readonly request: {
    readonly oauth: PolicyInput['request']['oauth'] & {
      readonly grant_type: string
      readonly subject_token?: { readonly claims: Readonly<Record<string, unknown>> }
    }
    /** Always there when a server asks. Maverics has no such member. */
    readonly client?: PolicyClient
  }
}

/** Decides whether a token is minted. All policies must allow; one that throws denies. */
export type TokenPolicy = Policy<TokenPolicyInput>
