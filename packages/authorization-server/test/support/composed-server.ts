import { createMemoryStorage } from '@gatewright/storage'
import {
  authorizationCode,
  composeAuthorizationServer,
  consentPage,
  dynamicRegistration,
  english,
  errorPage,
  loginPage,
  loginWith,
  none,
  password,
  refreshToken,
  signingKeys,
} from '@gatewright/authorization-server'
import type { ServerComposition } from '@gatewright/authorization-server'
import { issuer, mcp, otherResource, scopes, users } from './test-server.ts'

/** What clients of MCP need, and nothing else. */
export function composedServer(overrides: Partial<ServerComposition> = {}) {
  return composeAuthorizationServer({
    issuer,
    storage: { ...createMemoryStorage(), volatile: false },
    productName: 'Acme',
    keys: signingKeys({ seal: 'a seal for tests of more than 32 characters' }),
    scopes,
    resources: [{ resource: mcp }, { resource: otherResource }],
    clients: [dynamicRegistration({ mode: 'open' })],
    interaction: loginWith(
      password(async (name, secret) => (users.get(name)?.password === secret ? name : undefined)),
    ),
    grants: [authorizationCode(), refreshToken()],
    clientAuthentication: [none()],
    endpoints: [],
    pages: { languages: [english], render: { login: loginPage, consent: consentPage, error: errorPage } },
    ...overrides,
  })
}

export type ComposedServer = ReturnType<typeof composedServer>
