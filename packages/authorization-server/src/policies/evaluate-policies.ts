import { OAuthError } from '@gatewright/core'
import type { Decision, TokenPolicyInput } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'

/** What is left to mint after every policy allowed it. */
export interface Constrained {
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  /** Seconds. */
  readonly lifetime: number
}

/**
 * Asks every policy. All must allow; what they constrain only ever narrows, whatever they return.
 *
 * @throws {OAuthError} `access_denied` when one denies, throws or answers with something else than a decision
 */
export async function evaluatePolicies(
  input: TokenPolicyInput,
  lifetime: number,
  server: ServerContext,
): Promise<Constrained> {
  const { client_id, grant_type, scope, audience } = input.request.oauth
  let allowed: Constrained = { scope, audience, lifetime }
  for (const policy of server.options.policies) {
    let decision: Decision
    try {
      decision = await policy(input)
    } catch (cause) {
      // A policy that fails denies: an outage must not open the door.
      decision = { allowed: false, internal_message: `policy failed: ${String(cause)}` }
    }
    if (decision?.allowed !== true) {
      server.emit({
        type: 'token.refused',
        clientId: client_id,
        subject: input.subject,
        ip: input.source.ip,
        grantType: grant_type,
        reason: 'policy',
        message: decision?.internal_message,
      })
      throw new OAuthError(
        'access_denied',
        decision?.external_message ?? 'the request is not allowed by policy',
      )
    }
    allowed = narrow(allowed, decision.constrain)
  }
  if (allowed.audience.length === 0 && audience.length > 0)
    throw new OAuthError('access_denied', 'the request is not allowed by policy')
  return allowed
}

function narrow(current: Constrained, constrain: Decision['constrain']): Constrained {
  if (constrain === undefined) return current
  const { scope, audience, lifetime } = constrain
  return {
    scope: scope === undefined ? current.scope : current.scope.filter((name) => scope.includes(name)),
    audience:
      audience === undefined ? current.audience : current.audience.filter((name) => audience.includes(name)),
    lifetime:
      lifetime === undefined || !Number.isFinite(lifetime) || lifetime < 1
        ? current.lifetime
        : Math.min(current.lifetime, lifetime),
  }
}
