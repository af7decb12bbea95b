import { deepFreeze, OAuthError } from '@gatewright/core'
import type { Decision, TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

/** What is left to mint after every policy allowed it. */
export interface Constrained {
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  /** Whole seconds. */
  readonly lifetime: number
}

/**
 * Asks every policy. All must allow; what they constrain only ever narrows, whatever they return.
 *
 * @throws {OAuthError} `access_denied` when one denies, throws, leaves nothing over or answers with something else than a decision
 */
export async function evaluatePolicies(
  input: TokenPolicyInput,
  of: Client,
  lifetime: number,
  server: ServerContext,
): Promise<Constrained> {
  const { oauth } = input.request
  const { verified, kind, tags = [] } = of
  // Frozen copies: a policy that writes to what it is shown must not widen what is minted.
  const scope = Object.freeze([...oauth.scope])
  const audience = Object.freeze([...oauth.audience])
  const { authorization_details: details } = oauth
  const authorization_details = details && deepFreeze(structuredClone(details))
  const client = Object.freeze({ verified, kind, tags: Object.freeze([...tags]) })
  const shown = {
    ...input,
    request: {
      oauth: Object.freeze({
        ...oauth,
        scope,
        audience,
        ...(authorization_details && { authorization_details }),
      }),
      client,
    },
  }
  let allowed: Constrained = { scope, audience, lifetime }
  for (const policy of server.options.policies) allowed = await ask(policy, shown, allowed)
  return { ...allowed, lifetime: Math.floor(allowed.lifetime) }
}

async function ask(policy: TokenPolicy, input: TokenPolicyInput, current: Constrained): Promise<Constrained> {
  let decision: Decision
  try {
    decision = await policy(input)
    if (decision.allowed === true) return narrow(current, decision.constrain ?? {})
  } catch (cause) {
    // A policy that fails denies: an outage must not open the door.
    throw refusal(undefined, cause)
  }
  throw refusal(decision.external_message, decision.internal_message)
}

function refusal(external: string | undefined, cause: unknown): OAuthError {
  return new OAuthError('access_denied', external ?? 'the request is not allowed by policy', { cause })
}

function narrow(current: Constrained, constrain: NonNullable<Decision['constrain']>): Constrained {
  const scope = intersect(current.scope, constrain.scope)
  const audience = intersect(current.audience, constrain.audience)
  const { lifetime = current.lifetime } = constrain
  // A limit that cannot be met or understood is no reason to go without one.
  if (typeof lifetime !== 'number' || !(lifetime >= 1))
    throw new TypeError(`the policy limits the lifetime to ${String(lifetime)} seconds`)
  return { scope, audience, lifetime: Math.min(current.lifetime, lifetime) }
}

function intersect(current: readonly string[], limit: readonly string[] | undefined): readonly string[] {
  if (limit === undefined) return current
  if (!Array.isArray(limit))
    throw new TypeError('the policy limits scope or audience by something else than an array')
  const left = current.filter((name) => limit.includes(name))
  if (left.length === 0) throw new TypeError('the policy leaves no scope or no audience')
  return left
}
