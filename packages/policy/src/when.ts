import type { CallPolicyInput, Policy, PolicyInput, TokenPolicyInput } from '@gatewright/core'
import { allOf } from './all-of.ts'
import { allowed } from './policy.ts'

type Names = string | readonly string[]

/** What a request must be like for a rule to apply. Every member that is given must hold; a list holds when one of it does. */
export interface Circumstances {
  readonly client?: Names
  /** A scope that is about to be granted, or that the presented token has. */
  readonly scope?: Names
  /** A resource that the token will be good for, or is. */
  readonly audience?: Names
  /** The type of one of its authorization details. */
  readonly detailType?: Names
}

/** Circumstances that only a request for a token has. */
export interface TokenCircumstances extends Circumstances {
  readonly grantType: Names
}

/** Circumstances that only a tool call has. */
export interface CallCircumstances extends Circumstances {
  /** The name of the tool. */
  readonly tool: Names
}

/**
 * Applies policies only in some circumstances; in all others it allows.
 *
 * @throws {TypeError} when there is no circumstance, which would be a rule for everybody written by mistake, or no policy
 * @example
 * ```ts
 * when({ client: 'claude-public' }, sourceIp(['10.0.0.0/8']))
 * ```
 */
export function when(
  circumstances: TokenCircumstances,
  ...policies: readonly Policy<TokenPolicyInput>[]
): Policy<TokenPolicyInput>
/**
 * Applies policies only to some tools.
 *
 * @throws {TypeError} when there is no policy
 */
export function when(
  circumstances: CallCircumstances,
  ...policies: readonly Policy<CallPolicyInput>[]
): Policy<CallPolicyInput>
/**
 * Applies policies only in some circumstances, or when a function says so.
 *
 * @throws {TypeError} when there is no circumstance or no policy
 */
export function when<Input extends PolicyInput>(
  circumstances: Circumstances | ((input: Input) => boolean),
  ...policies: readonly Policy<Input>[]
): Policy<Input>
export function when<Input extends PolicyInput>(
  circumstances: Circumstances | ((input: Input) => boolean),
  ...policies: readonly Policy<Input>[]
): Policy<Input> {
  const applies = typeof circumstances === 'function' ? circumstances : compile(circumstances)
  const policy = allOf(...policies)
  return (input) => (applies(input) ? policy(input) : allowed)
}

function compile(circumstances: Circumstances): (input: PolicyInput) => boolean {
  const entries = Object.entries(circumstances) as [string, Names][]
  const given = entries.filter(([, wanted]) => wanted !== undefined)
  const unknown = given.find(([name]) => !Object.hasOwn(readers, name))
  // A misspelt member would silently widen or narrow the rule.
  if (unknown !== undefined)
    throw new TypeError(`when: "${unknown[0]}" is not one of ${Object.keys(readers).join(', ')}`)
  if (given.length === 0) throw new TypeError('when: name at least one circumstance')
  return (input) =>
    given.every(([name, wanted]) =>
      readers[name]?.(input).some((value) =>
        typeof wanted === 'string' ? wanted === value : wanted.includes(value),
      ),
    )
}

const readers: Readonly<Record<string, (input: PolicyInput) => readonly string[]>> = {
  client: ({ request }) => [request.oauth.client_id],
  scope: ({ request }) => request.oauth.scope,
  audience: ({ request }) => request.oauth.audience,
  detailType: ({ request }) => (request.oauth.authorization_details ?? []).map(({ type }) => type),
  grantType: (input) => present((input as TokenPolicyInput).request.oauth.grant_type),
  tool: (input) => present((input as Partial<CallPolicyInput>).request?.mcp?.tool?.params.name),
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value]
}
