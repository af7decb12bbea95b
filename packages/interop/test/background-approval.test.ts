// OpenID Connect CIBA Core 1.0 over HTTP, by two clients that others wrote: https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html
import {
  authorizationCode,
  ciba,
  createAuthorizationServer,
  loginWith,
  password,
  refreshToken,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import type { BackchannelRequest } from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import { toNodeListener } from '@gatewright/node'
import { createMemoryStorage } from '@gatewright/storage'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBrowser } from './support/browser.ts'
import { listen } from './support/listen.ts'
import type { Listening } from './support/listen.ts'
import { discover, http, validate } from './support/oauth4webapi-flow.ts'

const desk = { client_id: 'desk' }
const deskSecret = oauth.ClientSecretBasic('desk-secret')
const cibaGrant = 'urn:openid:params:grant-type:ciba'
const notificationToken = 'n'.repeat(43)

let place: Listening
let desktop: Listening
let server: oauth.AuthorizationServer
let asked: BackchannelRequest[] = []
let pinged: { authorization: string | undefined; body: unknown }[] = []

beforeAll(async () => {
  desktop = await listen(() => async (incoming, outgoing) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    pinged.push({ authorization: incoming.headers.authorization, body })
    outgoing.writeHead(204).end()
  })
  const background = { client_secret: 'desk-secret', grant_types: [cibaGrant, 'refresh_token'] }
  place = await listen(({ origin }) =>
    toNodeListener(
      createAuthorizationServer({
        issuer: origin,
        storage: createMemoryStorage(),
        keys: signingKeys({ seal: false }),
        scopes: defineScopes({ 'read:application': 'View applications' }),
        resources: [{ resource: `${origin}/mcp` }],
        clients: [
          registered(
            { client_id: 'desk', client_name: 'Service desk', ...background },
            {
              client_id: 'pinged',
              backchannel_token_delivery_mode: 'ping',
              backchannel_client_notification_endpoint: `${desktop.origin}/ping`,
              ...background,
            },
          ),
        ],
        interaction: loginWith(
          password(async (name, secret) => (secret === `${name}-pw` ? name : undefined)),
        ),
        grants: [
          authorizationCode(),
          refreshToken(),
          ciba({
            interval: 1,
            resolveLoginHint: async (hint) => (hint === 'nobody' ? undefined : hint),
            notifyUser: async (request) => void asked.push(request),
          }),
        ],
      }),
    ),
  )
  server = await discover(place.origin, 'oidc')
})
afterAll(async () => {
  await place.stop()
  await desktop.stop()
})
beforeEach(() => {
  asked = []
  pinged = []
})

const parameters = () => ({
  scope: 'openid read:application',
  resource: `${place.origin}/mcp`,
  login_hint: 'alice',
  binding_message: 'Ticket 4711',
})

async function start(changes: Readonly<Record<string, string>> = {}) {
  const sent = { ...parameters(), ...changes }
  const response = await oauth.backchannelAuthenticationRequest(server, desk, deskSecret, sent, http)
  return oauth.processBackchannelAuthenticationResponse(server, desk, response)
}

async function poll(id: string) {
  const response = await oauth.backchannelAuthenticationGrantRequest(server, desk, deskSecret, id, http)
  return oauth.processBackchannelAuthenticationGrantResponse(server, desk, response)
}

describe('oauth4webapi', () => {
  it('asks for a user, polls, and checks the ID token', async () => {
    const started = await start()
    await expect(poll(started.auth_req_id)).rejects.toMatchObject({ error: 'authorization_pending' })
    await expect(poll(started.auth_req_id)).rejects.toMatchObject({ error: 'slow_down' })
    const page = await createBrowser().connectDevice(asked[0]?.url ?? '')
    expect(page).toContain('Request approved')
    const tokens = await poll(started.auth_req_id)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: 'desk' })
    expect((await validate(server, tokens.access_token, `${place.origin}/mcp`)).sub).toBe('alice')
    await expect(poll(started.auth_req_id)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('is told that the user denied, and that nobody is meant', async () => {
    const started = await start()
    await createBrowser().connectDevice(asked[0]?.url ?? '', { allow: () => false })
    await expect(poll(started.auth_req_id)).rejects.toMatchObject({ error: 'access_denied' })
    await expect(start({ login_hint: 'nobody' })).rejects.toMatchObject({ error: 'unknown_user_id' })
  })
})

describe('openid-client', () => {
  const configure = (clientId: string) =>
    openid.discovery(
      new URL(place.origin),
      clientId,
      'desk-secret',
      openid.ClientSecretBasic('desk-secret'),
      {
        execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
      },
    )

  it('waits for the user by itself', async () => {
    const config = await configure('desk')
    const started = await openid.initiateBackchannelAuthentication(config, parameters())
    const [tokens] = await Promise.all([
      openid.pollBackchannelAuthenticationGrant(config, started),
      createBrowser().connectDevice(asked[0]?.url ?? ''),
    ])
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: 'desk' })
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(refreshed.claims()).toMatchObject({ sub: 'alice' })
  })

  it('is pinged at its endpoint before it asks', async () => {
    const config = await configure('pinged')
    const sent = { ...parameters(), client_notification_token: notificationToken }
    const started = await openid.initiateBackchannelAuthentication(config, sent)
    await createBrowser().connectDevice(asked[0]?.url ?? '')
    expect(pinged).toEqual([
      { authorization: `Bearer ${notificationToken}`, body: { auth_req_id: started.auth_req_id } },
    ])
    const tokens = await openid.pollBackchannelAuthenticationGrant(config, started)
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: 'pinged' })
  })
})
