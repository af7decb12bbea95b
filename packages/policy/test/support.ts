import type { TokenPolicyInput } from '@gatewright/core'

/** A request as a policy sees it, with some of it changed. */
export function input(
  change: {
    client?: string
    grantType?: string
    scope?: string[]
    audience?: string[]
    ip?: string
    time?: string
  } = {},
): TokenPolicyInput {
  const {
    client = 'claude-public',
    grantType = 'authorization_code',
    scope = ['read:application'],
    audience = ['https://mcp.example.com/mcp'],
  } = change
  return {
    request: { oauth: { client_id: client, grant_type: grantType, scope, audience } },
    subject: 'alice',
    source: change.ip === undefined ? {} : { ip: change.ip },
    time: Date.parse(change.time ?? '2026-01-05T12:00:00Z'),
  }
}
