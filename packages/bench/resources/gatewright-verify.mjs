import { defineScopes } from '@gatewright/core'
import { createResourceServer } from '@gatewright/resource-server'
import { createIssuer, resource } from './issue-tokens.mjs'

/** Opens the gate of a resource server, as a function of a request. */
export async function open({ mode }) {
  const issuer = createIssuer()
  const answers = new Map()
  const server = createResourceServer({
    issuer: issuer.issuer,
    resource,
    scopes: defineScopes({ 'read:application': 'View applications' }),
    ...(mode === 'opaque'
      ? { introspect: async (token) => answers.get(token) }
      : { jwks: async () => issuer.jwks }),
    ...(mode === 'cold' ? { cacheSize: 0 } : {}),
    isRevoked: () => false,
  })
  const tokens =
    mode === 'opaque' ? opaqueTokens(issuer, answers) : await issuer.tokens(mode === 'cold' ? 2000 : 100)
  const run = async (token) => {
    const verified = await server.verify(token)
    if (!verified.scopes.includes('read:application')) throw new Error('scope')
    return verified
  }
  for (const token of tokens) await run(token)
  return {
    prepare: (count) => Array.from({ length: count }, (_, index) => tokens[index % tokens.length]),
    run,
  }
}

function opaqueTokens({ issuer }, answers) {
  const now = Math.floor(Date.now() / 1000)
  return Array.from({ length: 100 }, (_, index) => {
    const token = `opaque-token-number-${index}-of-one-hundred`
    const claims = { active: true, iss: issuer, aud: resource, scope: 'read:application', jti: `${index}` }
    answers.set(token, { ...claims, sub: 'alice', client_id: 'app', iat: now, exp: now + 3600 })
    return token
  })
}
