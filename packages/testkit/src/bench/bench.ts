import type { Target } from '../target/target.ts'
import { createAuthorization } from './authorization.ts'
import type { Authorization } from './authorization.ts'
import { createClients } from './clients.ts'
import type { Clients } from './clients.ts'
import { createDiscovery } from './discovery.ts'
import type { Discovery } from './discovery.ts'
import { createMcp } from './mcp.ts'
import type { Mcp } from './mcp.ts'
import { createRequester } from './requester.ts'
import type { Send } from './requester.ts'
import { createSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import { createTokenRequests } from './tokens.ts'
import type { TokenRequests } from './tokens.ts'

/**
 * What checks work with: the target as it was described, found and signed in at so far. Whatever several checks need is made once.
 *
 * @group Checks
 */
export interface Bench extends Discovery, Clients, Authorization, TokenRequests {
  readonly target: Target
  readonly send: Send
  readonly mcp: Mcp
  readonly secrets: Secrets
  /** How many requests were sent. */
  requests(): number
}

/**
 * Sets a bench up for a target. Nothing is sent yet.
 *
 * @group Checks
 */
export function createBench(target: Target): Bench {
  const secrets = createSecrets()
  secrets.add(target.user?.password)
  secrets.add(target.initialAccessToken)
  for (const { client_secret: secret } of target.clients ?? []) secrets.add(secret)
  secrets.add(target.exchange?.client.client_secret)
  const { send, count } = createRequester(target, secrets)
  const discovery = createDiscovery(target, send)
  const clients = createClients(target, discovery, send)
  const authorization = createAuthorization(target, discovery, send)
  return {
    target,
    send,
    secrets,
    requests: count,
    mcp: createMcp(discovery, send),
    ...discovery,
    ...clients,
    ...authorization,
    ...createTokenRequests(target.resource, discovery, clients, authorization, send),
  }
}
