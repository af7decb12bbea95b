import { describe, expect, it } from 'vitest'
import {
  authorizationCode,
  clientSecretBasic,
  loginWith,
  none,
  pushedRequests,
  registered,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, ClientOptions } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm } from '../support/expectations.ts'
import { fakeProvider } from '../support/fake-provider.ts'
import { authorize } from '../support/flow.ts'
import { mcp, testServer } from '../support/test-server.ts'

const callback = 'https://app.example.com/cb'
const client = (options: Partial<ClientOptions>): ClientOptions => ({
  client_id: 'app',
  redirect_uris: [callback],
  ...options,
})
const start = (options: Partial<ClientOptions>, server: Partial<AuthorizationServerOptions> = {}) =>
  testServer({ clients: [registered(client(options))], ...server })

describe('a client that its server could never serve is refused when the server is made', () => {
  const confidential = { client_secret: 'a-secret' }
  it.each<[string, Partial<ClientOptions>, Partial<AuthorizationServerOptions>, string]>([
    [
      'an unknown scope',
      { scopes: ['reed:application'] },
      {},
      'scopes names "reed:application", but this server has read:application, write:application',
    ],
    [
      'an unknown resource',
      { resources: [`${mcp}/`] },
      {},
      `resources names "${mcp}/", but this server has ${mcp}`,
    ],
    [
      'a default that it may not ask for',
      { resources: [mcp], defaultResource: `${mcp}2` },
      {},
      `defaultResource names "${mcp}2"`,
    ],
    ['a resource that it serves', { ...confidential, serves: ['https://x.example/'] }, {}, 'serves names'],
    ['a resource to exchange for', { exchangeFor: ['https://x.example/'] }, {}, 'exchangeFor names'],
    [
      'a grant type that is not there',
      { grant_types: ['authorization_code', 'client_credentials'], ...confidential, scopes: ['read:user'] },
      {},
      'grant_types names "client_credentials", but this server has authorization_code, refresh_token; add the grant type to the option grants',
    ],
    [
      'an explicit refresh without the grant type',
      { grant_types: ['authorization_code', 'refresh_token'] },
      { grants: [authorizationCode()] },
      'grant_types names "refresh_token"',
    ],
    [
      'no grant of users at all',
      {},
      { grants: [] },
      'grant_types names "authorization_code", but this server has none',
    ],
    [
      'a method that is not there',
      { ...confidential, token_endpoint_auth_method: 'client_secret_post' },
      { clientAuthentication: [none(), clientSecretBasic()] },
      'authenticates by client_secret_post, but this server has none, client_secret_basic',
    ],
    [
      'no method of its own',
      confidential,
      { clientAuthentication: [none()] },
      'authenticates by client_secret_basic or client_secret_post',
    ],
    [
      'an unknown provider',
      { providers: ['gitlab'] },
      {},
      'providers names "gitlab", but this server has password; pass the provider to loginWith',
    ],
    ['proofs that are ignored', { dpop_bound_access_tokens: true }, { dpop: false }, 'remove dpop: false'],
    [
      'certificates that nobody hands in',
      { tls_client_certificate_bound_access_tokens: true },
      {},
      'mutualTls: true',
    ],
    [
      'a push that nothing would require',
      { require_pushed_authorization_requests: true },
      {},
      'needs pushedRequests()',
    ],
  ])('%s', (_what, options, server, message) => {
    expect(() => start(options, server)).toThrow(
      `client "app": ${message.startsWith('authenticates') ? 'it ' : ''}`,
    )
    expect(() => start(options, server)).toThrow(message)
  })

  it('names scopes of OpenID Connect and aliases, the providers there, and leaves out refresh where there is none', () => {
    const { provider } = fakeProvider('github')
    const interaction = loginWith(provider, { onLogin: async () => 'alice' })
    const options = {
      scopes: ['openid', 'application:read'],
      resources: [mcp],
      providers: ['github', 'password'],
    }
    expect(() => start(options, { interaction, grants: [authorizationCode()] })).not.toThrow()
    expect(() =>
      start({ require_pushed_authorization_requests: true }, { requestSources: [pushedRequests()] }),
    ).not.toThrow()
  })

  it('also in a list that replaces another, which then stays', async () => {
    const clients = registered(client({}))
    const test = testServer({ clients: [clients] })
    expect(() => clients.replace(client({ client_id: 'new', scopes: ['nope'] }))).toThrow(
      'client "new": scopes',
    )
    expectForm(
      await authorize(createBrowser(test.server), { client_id: 'app', redirect_uri: callback }),
      'login',
    )
    clients.replace(client({ client_id: 'new', scopes: ['read:user'] }))
    // A server that is made later gets the list as it is then.
    expect(() => testServer({ clients: [clients], grants: [] })).toThrow('client "new": grant_types')
  })

  it('for a lifetime that is none, and for users who could not log in anywhere', () => {
    expect(() => registered(client({ refreshTokenLifetime: 0 }))).toThrow('refreshTokenLifetime')
    expect(() => registered(client({ refreshTokenIdleLifetime: -1 }))).toThrow('refreshTokenIdleLifetime')
    expect(() => registered(client({ providers: [] }))).toThrow('providers is empty')
  })
})
