import { createServer } from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'
import * as shape from '../authorization/shape.mjs'
import { accessToken, hash, secret } from './tokens.mjs'

const { Request, Response } = OAuth2Server

/** Opens @node-oauth/oauth2-server on maps: its tokens, sessions and consents are what an application would add. */
export function open({ redirectUris = 1 } = {}) {
  const app = {
    id: shape.publicClient,
    redirectUris: shape.redirectUris(redirectUris),
    grants: ['authorization_code', 'refresh_token'],
  }
  const service = {
    id: shape.service.id,
    secretHash: hash(shape.service.secret),
    redirectUris: [],
    grants: ['client_credentials'],
  }
  const clients = new Map([app, service].map((client) => [client.id, client]))
  const codes = new Map()
  const refreshTokens = new Map()
  const model = {
    async getClient(id, given) {
      const client = clients.get(id)
      if (client?.secretHash !== undefined && given !== null && hash(given) !== client.secretHash)
        return undefined
      return client
    },
    getUserFromClient: async (client) => ({ id: client.id }),
    validateScope: async (_user, _client, scope) => scope?.every((name) => name === shape.scope) && scope,
    generateAuthorizationCode: async () => secret(),
    async saveAuthorizationCode(code, client, user) {
      codes.set(hash(code.authorizationCode), { ...code, client, user })
      return { ...code, client, user }
    },
    getAuthorizationCode: async (code) => codes.get(hash(code)),
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(hash(authorizationCode)),
    generateAccessToken: (client, user, scope) =>
      accessToken({ clientId: client.id, subject: user.id, scope: (scope ?? []).join(' ') }),
    generateRefreshToken: async () => secret(),
    async saveToken(token, client, user) {
      if (token.refreshToken !== undefined)
        refreshTokens.set(hash(token.refreshToken), { ...token, client, user })
      return { ...token, client, user }
    },
    getAccessToken: async () => undefined,
    getRefreshToken: async (token) => refreshTokens.get(hash(token)),
    revokeToken: async ({ refreshToken }) => refreshTokens.delete(hash(refreshToken)),
  }
  const server = new OAuth2Server({
    model,
    requireClientAuthentication: { authorization_code: false, refresh_token: false },
    accessTokenLifetime: shape.accessTokenLifetime,
    refreshTokenLifetime: shape.refreshTokenLifetime,
    authorizationCodeLifetime: shape.codeLifetime,
    authenticateHandler: { handle: async () => ({ id: shape.user }) },
  })
  async function call({ method, path, headers, body }) {
    const [pathname, search = ''] = path.split('?')
    const request = new Request({
      method,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: method === 'GET' ? headers : { ...headers, 'content-length': String(body.length) },
      body: method === 'GET' ? {} : Object.fromEntries(new URLSearchParams(body)),
    })
    const response = new Response({ headers: {} })
    if (pathname === shape.paths.authorize) await server.authorize(request, response)
    else await server.token(request, response)
    const location = response.headers.location
    return { status: response.status, location, body: JSON.stringify(response.body ?? {}) }
  }
  return {
    call,
    server: () =>
      createServer((incoming, outgoing) => {
        void readSimple(incoming)
          .then(call)
          .then(({ status, location, body }) => {
            const headers = {
              'content-type': 'application/json',
              ...(location === undefined ? {} : { location }),
            }
            writeSimple(outgoing, { status, headers, body })
          })
      }),
  }
}
