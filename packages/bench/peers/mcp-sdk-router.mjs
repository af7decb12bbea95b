import { IncomingMessage, ServerResponse } from 'node:http'
import { InvalidGrantError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'
import express from 'express'
import * as shape from '../authorization/shape.mjs'
import { injecting } from './inject.mjs'
import { accessToken, hash, secret } from './tokens.mjs'

/** Opens the router of MCP SDK v1 with a provider on maps: its sessions, consents and tokens are what an application would add. */
export function open({ redirectUris = 1 } = {}) {
  const client = { client_id: shape.publicClient, redirect_uris: shape.redirectUris(redirectUris) }
  const clients = new Map([[shape.publicClient, { ...client, token_endpoint_auth_method: 'none' }]])
  const codes = new Map()
  const refreshTokens = new Map()

  async function issue(client, { subject, scope, resource }) {
    const refreshToken = secret()
    refreshTokens.set(hash(refreshToken), { clientId: client.client_id, subject, scope, resource })
    return {
      access_token: await accessToken({ clientId: client.client_id, subject, scope, resource }),
      token_type: 'Bearer',
      expires_in: shape.accessTokenLifetime,
      scope,
      refresh_token: refreshToken,
    }
  }

  const provider = {
    clientsStore: {
      getClient: async (id) => clients.get(id),
      registerClient: async (client) => {
        clients.set(client.client_id, client)
        return client
      },
    },
    async authorize(client, { redirectUri, state, codeChallenge, scopes, resource }, response) {
      const code = secret()
      codes.set(hash(code), {
        clientId: client.client_id,
        subject: shape.user,
        challenge: codeChallenge,
        redirectUri,
        scope: (scopes ?? []).join(' '),
        resource: resource?.href,
        expiresAt: Date.now() + shape.codeLifetime * 1000,
      })
      const target = new URL(redirectUri)
      target.searchParams.set('code', code)
      if (state !== undefined) target.searchParams.set('state', state)
      response.redirect(target.href)
    },
    async challengeForAuthorizationCode(client, code) {
      return codes.get(hash(code))?.challenge
    },
    async exchangeAuthorizationCode(client, code, _verifier, redirectUri) {
      const record = codes.get(hash(code))
      codes.delete(hash(code))
      if (record?.clientId !== client.client_id || record.expiresAt <= Date.now())
        throw new InvalidGrantError('invalid code')
      if (redirectUri !== record.redirectUri) throw new InvalidGrantError('redirect_uri differs')
      return issue(client, record)
    },
    async exchangeRefreshToken(client, refreshToken) {
      const record = refreshTokens.get(hash(refreshToken))
      refreshTokens.delete(hash(refreshToken))
      if (record?.clientId !== client.client_id) throw new InvalidGrantError('invalid token')
      return issue(client, record)
    },
    async verifyAccessToken() {
      throw new Error('not part of the comparison')
    },
    async revokeToken(_client, { token }) {
      refreshTokens.delete(hash(token))
    },
  }
  const unlimited = { rateLimit: false }
  const app = express()
  app.use(
    mcpAuthRouter({
      provider,
      issuerUrl: new URL(shape.origin),
      scopesSupported: [shape.scope],
      authorizationOptions: unlimited,
      tokenOptions: unlimited,
      revocationOptions: unlimited,
      clientRegistrationOptions: unlimited,
    }),
  )
  const call = injecting(app)
  return {
    async call(request) {
      const answer = await call(request)
      // light-my-request puts its own objects into Express's, and real connections get no answer any more.
      Object.setPrototypeOf(express.request, IncomingMessage.prototype)
      Object.setPrototypeOf(express.response, ServerResponse.prototype)
      return answer
    },
    listener: app,
  }
}
