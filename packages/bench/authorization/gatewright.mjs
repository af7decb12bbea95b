import { createServer } from 'node:http'
import {
  authorizationCode,
  clientCredentials,
  createAuthorizationServer,
  deviceCode,
  dynamicRegistration,
  loginWith,
  metadataDocuments,
  password,
  refreshToken,
  registered,
  signingKeys,
  tokenExchange,
} from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import { toNodeListener } from '@gatewright/node'
import { openStorage } from '../stores/open-storage.mjs'
import { signInOnce } from './browser.mjs'
import { toRequest } from './web.mjs'
import * as shape from './shape.mjs'

const documentUrl = 'https://client.example.com/oauth/metadata.json'
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const oftenEnough = { requests: 1_000_000_000, seconds: 3600 }

/** Opens the server with its defaults: every check, every event, the limits counted. */
export async function open({
  format = 'jwt',
  redirectUris = 1,
  storage: kind = 'memory',
  schema,
  refreshReuseWindow,
  wrap = (opened) => opened,
} = {}) {
  const opened = await openStorage(kind, { schema })
  const storage = wrap(opened.storage)
  let events = 0
  const server = createAuthorizationServer({
    issuer: shape.origin,
    storage,
    keys: signingKeys({ seal: 'a secret of the benchmark, which seals nothing of value' }),
    scopes: defineScopes({ [shape.scope]: 'View applications' }),
    resources: [{ resource: shape.resource }, { resource: shape.otherResource }],
    clients: [
      registered(
        {
          client_id: shape.publicClient,
          redirect_uris: shape.redirectUris(redirectUris),
          grant_types: ['authorization_code', 'refresh_token', deviceGrant],
          consent: 'once',
        },
        {
          client_id: shape.service.id,
          client_secret: shape.service.secret,
          grant_types: ['client_credentials', exchangeGrant],
          scopes: [shape.scope],
          serves: [shape.resource],
          exchangeFor: [shape.otherResource],
        },
      ),
      metadataDocuments(),
      dynamicRegistration({ mode: 'open' }),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), deviceCode(), tokenExchange()],
    interaction: loginWith(password(async (name) => name)),
    accessTokenFormat: format,
    clientUrls: {
      fetch: async () => Response.json(document, { headers: { 'cache-control': 'max-age=3600' } }),
    },
    rateLimits: { registration: oftenEnough, login: oftenEnough, introspection: oftenEnough },
    codeLifetime: shape.codeLifetime,
    ...(refreshReuseWindow === undefined ? {} : { refreshReuseWindow }),
    onEvent: () => void events++,
  })
  const context = { ip: '192.0.2.1' }
  const call = async ({ method, path, headers, body }) => {
    const request = toRequest({ method, path, headers, body })
    const response = await server.handle(request, context)
    return {
      status: response.status,
      location: response.headers.get('location') ?? undefined,
      body: await response.text(),
    }
  }
  const browser = await signInOnce(server)
  return {
    call,
    browser,
    // A client of a document is asked about each time: what is measured ends with the question.
    expect: { authorize: 303, 'metadata-document': 200 },
    documentClient: documentUrl,
    // Made when it is asked for: the adapter replaces the global Request and Response.
    server: () => createServer(toNodeListener(server)),
    opened,
  }
}

const document = {
  client_id: documentUrl,
  client_name: 'A client',
  redirect_uris: [shape.redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}
