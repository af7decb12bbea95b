import { createServer } from 'node:http'
import { generateKeyPairSync } from 'node:crypto'
import { AuthorizationServer, DateInterval } from '@jmondi/oauth2-server'
import jsonwebtoken from 'jsonwebtoken'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'
import * as shape from '../authorization/shape.mjs'
import { hash, secret } from './tokens.mjs'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const scopes = [{ name: shape.scope }]
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000)

/** Opens @jmondi/oauth2-server on maps: sessions and consents are what an application would add. */
export function open({ redirectUris = 1 } = {}) {
  const clients = new Map(
    [
      {
        id: shape.publicClient,
        name: 'A client',
        redirectUris: shape.redirectUris(redirectUris),
        allowedGrants: ['authorization_code', 'refresh_token'],
        scopes,
      },
      {
        id: shape.service.id,
        name: 'A service',
        secret: hash(shape.service.secret),
        redirectUris: [],
        allowedGrants: ['client_credentials'],
        scopes,
      },
    ].map((client) => [client.id, client]),
  )
  const codes = new Map()
  const refreshTokens = new Map()
  const clientRepository = {
    getByIdentifier: async (id) => clients.get(id),
    isClientValid: async (grant, client, given) =>
      client.allowedGrants.includes(grant) &&
      (client.secret === undefined || client.secret === hash(given ?? '')),
  }
  const tokenRepository = {
    issueToken: async (client, granted, user) => ({
      accessToken: secret(),
      accessTokenExpiresAt: inSeconds(shape.accessTokenLifetime),
      client,
      user,
      scopes: granted,
    }),
    async issueRefreshToken(token) {
      const refreshToken = secret()
      const refreshTokenExpiresAt = inSeconds(shape.refreshTokenLifetime)
      const issued = { ...token, refreshToken, refreshTokenExpiresAt }
      refreshTokens.set(hash(refreshToken), issued)
      return issued
    },
    async persist() {},
    async revoke(token) {
      token.refreshTokenExpiresAt = new Date(0)
    },
    async revokeDescendantsOf() {},
    isRefreshTokenRevoked: async (token) => Date.now() > token.refreshTokenExpiresAt.getTime(),
    getByRefreshToken: async (token) => refreshTokens.get(hash(token)),
  }
  const authCodeRepository = {
    getByIdentifier: async (code) => codes.get(hash(code)),
    issueAuthCode: async (client, user, granted) => ({
      code: secret(),
      expiresAt: inSeconds(shape.codeLifetime),
      client,
      user,
      scopes: granted,
    }),
    persist: async (code) => void codes.set(hash(code.code), code),
    isRevoked: async (code) => Date.now() > codes.get(hash(code)).expiresAt.getTime(),
    revoke: async (code) => {
      codes.get(hash(code)).expiresAt = new Date(0)
    },
  }
  const server = new AuthorizationServer(
    clientRepository,
    tokenRepository,
    {
      getAllByIdentifiers: async (names) => scopes.filter(({ name }) => names.includes(name)),
      finalize: async (granted) => granted,
    },
    {
      sign: async (payload) => jsonwebtoken.sign(payload, privateKey, { algorithm: 'ES256', keyid: 'k1' }),
      verify: async () => ({}),
      decode: () => null,
    },
    {
      requiresPKCE: true,
      requiresS256: true,
      issuer: shape.origin,
      useOpaqueAuthorizationCodes: true,
      useOpaqueRefreshTokens: true,
    },
  )
  const userRepository = { getUserByCredentials: async (id) => ({ id }) }
  const lifetime = new DateInterval(`${shape.accessTokenLifetime}s`)
  server.enableGrantTypes(
    ['client_credentials', lifetime],
    [{ grant: 'authorization_code', userRepository, authCodeRepository }, lifetime],
    ['refresh_token', lifetime],
  )

  async function call({ method, path, headers, body }) {
    const [pathname, search = ''] = path.split('?')
    const query = Object.fromEntries(new URLSearchParams(search))
    const sent = method === 'GET' ? {} : Object.fromEntries(new URLSearchParams(body))
    const request = { query, headers, body: sent }
    if (pathname !== shape.paths.authorize) return answerOf(await server.respondToAccessTokenRequest(request))
    const asked = await server.validateAuthorizationRequest(request)
    asked.user = { id: shape.user }
    asked.isAuthorizationApproved = true
    return answerOf(await server.completeAuthorizationRequest(asked))
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

const answerOf = ({ status, headers, body }) => ({
  status,
  location: headers.location,
  body: JSON.stringify(body ?? {}),
})
