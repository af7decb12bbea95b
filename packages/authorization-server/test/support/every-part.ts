import {
  authorizationCode,
  ciba,
  clientCredentials,
  deviceCode,
  dynamicRegistration,
  registrationManagement,
  idTokens,
  jwtBearer,
  pushedRequests,
  refreshToken,
  registered,
  tokenExchange,
} from '@gatewright/authorization-server'
import type { AccessTokenFormat, BackchannelRequest } from '@gatewright/authorization-server'
import type { RequestHandler } from '@gatewright/core'
import { keyPair } from './assertions.ts'
import { cibaGrant, pingUrl } from './ciba.ts'
import { deviceGrant } from './device.ts'
import { serverWithProviders } from './fake-provider.ts'
import { hookedStorage } from './hooked-storage.ts'
import { wiki } from './logout.ts'
import { mcp, otherResource, testClock } from './test-server.ts'
import { createIdp, idpIssuer, usersOfIdp } from './trusted-idp.ts'

export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const bearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const nonceSecret = 'a secret of nonces with more than 32 characters'

/** A server with every part there is, whose storage, requests to clients and refusals are on record. */
export async function serverWithEveryPart(accessTokenFormat: AccessTokenFormat) {
  const { storage, dump, hooks } = hookedStorage()
  const clock = testClock()
  const notifications: Request[] = []
  const refusals: string[] = []
  /** What policies and the claims function were shown. */
  const shown: unknown[] = []
  /** What users were asked in the background. */
  const asked: BackchannelRequest[] = []
  const [idp, assertionKey] = [await createIdp(), await keyPair('key-1')]
  const { test, github, other } = serverWithProviders({
    storage,
    accessTokenFormat,
    clients: [
      registered(
        wiki,
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        { client_id: 'tv', client_name: 'Television', grant_types: [deviceGrant, 'refresh_token'] },
        {
          client_id: 'pinged',
          client_secret: 'desk-secret',
          grant_types: [cibaGrant, 'refresh_token'],
          backchannel_token_delivery_mode: 'ping',
          backchannel_client_notification_endpoint: pingUrl,
        },
        { client_id: 'rs1', client_secret: 'rs1-secret', grant_types: [], serves: [mcp] },
        {
          client_id: 'gw',
          client_secret: 'gw-secret',
          grant_types: [exchangeGrant, bearerGrant],
          scopes: ['read:application'],
          serves: [mcp],
          exchangeFor: [otherResource],
        },
        {
          client_id: 'pkjwt',
          token_endpoint_auth_method: 'private_key_jwt',
          grant_types: ['client_credentials'],
          scopes: ['read:application'],
          jwks: { keys: [assertionKey.jwk] },
        },
      ),
      dynamicRegistration({ mode: 'open', management: registrationManagement() }),
    ],
    grants: [
      authorizationCode(),
      refreshToken(),
      clientCredentials(),
      deviceCode(),
      ciba({
        resolveLoginHint: async (hint) => hint.replace(/@.*/, ''),
        notifyUser: async (request) => void asked.push(request),
      }),
      tokenExchange({ subjectTokens: [idTokens({ scopes: () => ['read:application'] })] }),
      jwtBearer({ issuers: [{ issuer: idpIssuer, jwks: idp.jwks, subject: usersOfIdp }] }),
    ],
    requestSources: [pushedRequests()],
    dpop: { nonce: { secret: nonceSecret } },
    policies: [(input) => ({ allowed: shown.push(input) > 0 })],
    claims: { add: (request) => void shown.push(request) },
    runtime: {
      now: clock.now,
      randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
      async fetch(input, init) {
        notifications.push(new Request(input, init))
        throw new Error('the client cannot be reached')
      },
    },
  })
  // Whatever answers with an error, page or JSON, headers included.
  const handle: RequestHandler['handle'] = async (request, context) => {
    const response = await test.server.handle(request, context)
    if (response !== undefined && response.status >= 400)
      refusals.push(JSON.stringify([...response.headers]) + (await response.clone().text()))
    return response
  }
  const server = { ...test.server, handle }
  return {
    test: { ...test, server, clock },
    github,
    other,
    storage: { dump, hooks },
    idp,
    assertionKey,
    notifications,
    refusals,
    shown,
    asked,
  }
}
