import type { Policy, PolicyInput } from './policy.ts'

/** What a policy decides on before a token is minted. Field names are those of Maverics, so that its rules carry over. */
export interface TokenPolicyInput extends PolicyInput {
  readonly request: {
    readonly oauth: PolicyInput['request']['oauth'] & {
      readonly grant_type: string
      readonly subject_token?: { readonly claims: Readonly<Record<string, unknown>> }
    }
  }
}

/** Decides whether a token is minted. All policies must allow; one that throws denies. */
export type TokenPolicy = Policy<TokenPolicyInput>
