import { calculateCodeChallenge, createCodeVerifier } from '@gatewright/pkce'
import type { AuthorizationServerOptions } from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import { authorizationCode, deviceCode, refreshToken, registered } from '@gatewright/authorization-server'
import { deviceGrant } from '../../support/device.ts'
import { testServer } from '../../support/test-server.ts'
import { toQuery } from '../../support/flow.ts'
import { answerWith, listen } from './serve.ts'

const ordinary = {
  product: 'Acme',
  client: 'Claude Desktop',
  user: 'Alice',
  read: 'View applications',
  write: 'Change applications',
}

/** What things are called. */
export type Names = typeof ordinary

const unbroken = 'W'.repeat(120)
const endless = 'A name that goes on and on '.repeat(6)

/** Names that break careless pages. */
export const unreasonable: Names = {
  product: `auth.${unbroken.toLowerCase()}.example.com`,
  client: unbroken + endless,
  user: unbroken,
  read: unbroken,
  write: endless,
}

/** An authorization server and the callback of a client on this machine, both listening. */
export async function setting(names: Names = ordinary, overrides: Partial<AuthorizationServerOptions> = {}) {
  const callbacks: URL[] = []
  const callback = await listen((incoming, outgoing) => {
    callbacks.push(new URL(incoming.url ?? '/', 'http://127.0.0.1'))
    outgoing.writeHead(200, { 'content-type': 'text/html' })
    outgoing.end('<!doctype html><link rel="icon" href="data:,"><title>Done</title>')
  })
  const { origin, close } = await listen(
    (incoming, outgoing) => void answerWith(test.server, incoming, outgoing),
  )
  const test = testServer({
    issuer: origin,
    productName: names.product,
    scopes: defineScopes({ 'read:application': names.read, 'write:application': names.write }),
    resources: [{ resource: `${origin}/mcp` }],
    findUser: async () => ({ claims: { name: names.user } }),
    clients: [
      registered(
        {
          client_id: 'claude',
          client_name: names.client,
          redirect_uris: ['http://127.0.0.1:*/callback'],
        },
        { client_id: 'web', redirect_uris: ['https://app.example.com/cb'] },
        { client_id: 'app', redirect_uris: ['com.example.app:/oauth2redirect'] },
        { client_id: 'tv', client_name: names.client, grant_types: [deviceGrant] },
      ),
    ],
    grants: [authorizationCode(), refreshToken(), deviceCode()],
    ...overrides,
  })
  const redirectUri = `${callback.origin}/callback`

  return {
    origin,
    callbackOrigin: callback.origin,
    callbacks,
    close: async () => void (await Promise.all([close(), callback.close()])),
    /** Starts as a device does: what it shows its user. */
    async device(): Promise<{
      verification_uri: string
      verification_uri_complete: string
      user_code: string
    }> {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const response = await fetch(`${origin}/device_authorization`, {
        method: 'POST',
        headers,
        body: 'client_id=tv',
      })
      return (await response.json()) as never
    },
    /** A sound authorization request: its URL, and how to redeem the code that it leads to. */
    async request(overrides: Readonly<Record<string, string>> = {}) {
      const verifier = createCodeVerifier()
      const parameters = {
        response_type: 'code',
        client_id: 'claude',
        redirect_uri: redirectUri,
        code_challenge: await calculateCodeChallenge(verifier),
        code_challenge_method: 'S256',
        scope: 'read:application write:application',
        state: 'state-1',
        ...overrides,
      }
      const redeem = async (code: string): Promise<Record<string, unknown>> => {
        const body = toQuery({
          grant_type: 'authorization_code',
          client_id: parameters.client_id,
          code,
          code_verifier: verifier,
          redirect_uri: redirectUri,
        })
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        return (await fetch(`${origin}/token`, { method: 'POST', headers, body })).json() as Promise<
          Record<string, unknown>
        >
      }
      return { url: `${origin}/authorize?${toQuery(parameters)}`, redeem }
    },
  }
}

export type Setting = Awaited<ReturnType<typeof setting>>
