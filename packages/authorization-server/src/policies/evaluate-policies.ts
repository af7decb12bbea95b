import { deepFreeze, limitToken, OAuthError } from '@gatewright/core'
import type { Decision, TokenLimits, TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Asks every policy. All must allow; what they constrain only ever narrows, whatever they return. What is left lives for whole seconds.
 *
 * @throws {OAuthError} `access_denied` when one denies, throws, leaves nothing over or answers with something else than a decision
 */
export async function evaluatePolicies(
  input: TokenPolicyInput,
  of: Client,
  lifetime: number,
  server: ServerContext,
): Promise<TokenLimits> {
  const { oauth } = input.request
  if (server.options.policies.length === 0)
    return { scope: oauth.scope, audience: oauth.audience, lifetime: Math.floor(lifetime) }
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
  let allowed: TokenLimits = { scope, audience, lifetime }
  for (const policy of server.options.policies) allowed = await ask(policy, shown, allowed)
  return { ...allowed, lifetime: Math.floor(allowed.lifetime) }
}

async function ask(policy: TokenPolicy, input: TokenPolicyInput, current: TokenLimits): Promise<TokenLimits> {
  let decision: Decision
  try {
    decision = await policy(input)
    if (decision.allowed === true) return limitToken(current, decision.constrain)
  } catch (cause) {
    // A policy that fails denies: an outage must not open the door.
    throw refusal(undefined, cause)
  }
  const { rule, external_message: external, internal_message: internal } = decision
  throw refusal(
    external,
    rule === undefined || internal === undefined ? (internal ?? rule) : `${rule}: ${internal}`,
  )
}

function refusal(external: string | undefined, cause: unknown): OAuthError {
  return new OAuthError('access_denied', external ?? 'the request is not allowed by policy', { cause })
}
