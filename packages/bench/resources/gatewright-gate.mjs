import { defineScopes } from '@gatewright/core'
import { createResourceServer } from '@gatewright/resource-server'
import { createIssuer, resource } from './issue-tokens.mjs'
import { requestsWith } from './requests-with.mjs'

/** Opens the gate of a resource server for tokens that it has seen; whether they were revoked is asked each time. */
export async function open() {
  const issuer = createIssuer()
  const server = createResourceServer({
    issuer: issuer.issuer,
    resource,
    scopes: defineScopes({ 'read:application': 'View applications' }),
    jwks: async () => issuer.jwks,
    isRevoked: () => false,
  })
  const gate = server.requireScopes('read:application')
  const tokens = await issuer.tokens(100)
  const context = { ip: '192.0.2.1' }
  async function run(request) {
    const passed = await gate(request, context)
    if (passed instanceof Response) throw new Error(`the gate answered ${passed.status}`)
  }
  for (const request of requestsWith(tokens, 100)) await run(request)
  return { prepare: (count) => requestsWith(tokens, count), run }
}
