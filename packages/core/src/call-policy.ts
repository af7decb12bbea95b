import type { Policy, PolicyInput } from './policy.ts'

/** What a policy decides on before a tool is called, a resource read or a prompt written. Exactly one of the three is present. */
export interface CallPolicyInput extends PolicyInput {
  readonly request: {
    readonly oauth: PolicyInput['request']['oauth']
    readonly mcp: {
      readonly method: string
      /** The tool, with its arguments as its schema has checked them: what the handler will get. */
      readonly tool?: {
        readonly params: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
      }
      readonly resource?: { readonly params: { readonly uri: string } }
      readonly prompt?: {
        readonly params: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
      }
    }
  }
  readonly subject: string
  /** The claims of the token, never the token. Of `act` there is only the outermost: earlier actors decide nothing. */
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Decides whether a caller with sufficient scopes may make this call. All policies must allow; one that throws denies.
 *
 * @see [RFC 8693 §4.1 - "act" (Actor) Claim](https://www.rfc-editor.org/rfc/rfc8693.html#section-4.1)
 */
export type CallPolicy = Policy<CallPolicyInput>
