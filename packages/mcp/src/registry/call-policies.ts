import { askPolicy, type CallPolicy, type CallPolicyInput, type Decision } from '@gatewright/core'
import type { Caller, CallExtra } from './caller.ts'

/** What a call is about, as policies are told. */
export type CallSubject = CallPolicyInput['request']['mcp']

/** @throws {TypeError} when one of them is no function: a rule that is never asked protects nothing */
export function checkPolicies(policies: readonly CallPolicy[] = [], what: string): readonly CallPolicy[] {
  if (!Array.isArray(policies) || policies.some((policy) => typeof policy !== 'function'))
    throw new TypeError(`the policies of ${what} must be functions`)
  return [...policies]
}

/** Asks the policies in order; gives the first denial, or `undefined` when all allow. */
export async function deniedByPolicy(
  policies: readonly CallPolicy[],
  mcp: CallSubject,
  caller: Caller,
  extra: Pick<CallExtra, 'context'>,
  now: number,
): Promise<Decision | undefined> {
  if (policies.length === 0) return undefined
  const input = policyInput(mcp, caller, extra, now)
  for (const policy of policies) {
    const decision = await askPolicy(policy, input)
    if (!decision.allowed) return decision
    // A limit that cannot be kept is no reason to go on without it.
    if (decision.constrain !== undefined)
      return {
        allowed: false,
        rule: decision.rule ?? 'constrain',
        internal_message: 'a call cannot be limited',
      }
  }
  return undefined
}

function policyInput(
  mcp: CallSubject,
  caller: Caller,
  { context }: Pick<CallExtra, 'context'>,
  now: number,
): CallPolicyInput {
  const { subject, clientId, scopes, resource, authorizationDetails, claims = {} } = caller
  // RFC 8693 §4.1: earlier actors are information, and must not decide anything.
  const act = caller.act && Object.freeze({ sub: caller.act.sub })
  const { act: _all, ...others } = claims
  return {
    request: {
      oauth: Object.freeze({
        client_id: clientId,
        scope: Object.freeze([...scopes]),
        audience: resource === undefined ? [] : [resource],
        ...(authorizationDetails && { authorization_details: authorizationDetails }),
      }),
      mcp: Object.freeze(mcp),
    },
    subject,
    act,
    source: { ip: context?.ip },
    claims: Object.freeze({ ...others, ...(act && { act }) }),
    time: now,
  }
}
