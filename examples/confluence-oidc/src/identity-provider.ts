import {
  createAuthorizationServer,
  loginWith,
  password,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import type { AuthorizationServer } from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import type { OnEvent } from '@gatewright/core'
import { createMemoryStorage } from '@gatewright/storage'
import { people, personOf } from './people.ts'

/** The wiki, as it is entered here. */
export interface Wiki {
  readonly clientId: string
  readonly clientSecret: string
  /** Its callback URL. */
  readonly redirectUri: string
  /** Where its users land after a logout. */
  readonly afterLogout: string
  /** Where it hears that a session has ended. */
  readonly backChannelLogout: string
}

/**
 * The identity provider: an authorization server with the endpoint paths and the userinfo shape that the wiki was
 * configured with before.
 */
export function createIdentityProvider(issuer: string, wiki: Wiki, onEvent?: OnEvent): AuthorizationServer {
  return createAuthorizationServer({
    issuer,
    productName: 'Acme Identity',
    storage: createMemoryStorage(),
    keys: signingKeys({ seal: 'only for this demo: 32 or more random characters', algorithm: 'RS256' }),
    scopes: defineScopes({ 'read:application': 'View applications' }),
    resources: [{ resource: `${issuer}/api/mcp` }],
    paths: {
      authorization: '/login/oauth/authorize',
      token: '/api/login/oauth/access_token',
      userinfo: '/api/get-account',
      end_session: '/api/logout',
    },
    clients: [
      registered({
        client_id: wiki.clientId,
        client_name: 'Confluence',
        client_secret: wiki.clientSecret,
        redirect_uris: [wiki.redirectUri],
        post_logout_redirect_uris: [wiki.afterLogout],
        backchannel_logout_uri: wiki.backChannelLogout,
        // With an https callback, `consent: 'once'` asks each person a single time.
      }),
    ],
    interaction: loginWith(
      password(
        async (name, secret) =>
          people.find((person) => person.userName === name && person.password === secret)?.id,
      ),
    ),
    findUser: async (id) => {
      const person = personOf(id)
      return (
        person && {
          claims: {
            name: person.name,
            preferred_username: person.userName,
            email: person.email,
            email_verified: true,
          },
        }
      )
    },
    // The wiki takes `name` for the login name and maps `groups` to its own.
    userinfo: (claims) => ({
      status: 'ok',
      ...claims,
      name: claims['preferred_username'] ?? claims['sub'],
      displayName: claims['name'],
      groups: personOf(claims['sub'])?.groups ?? [],
    }),
    ...(onEvent === undefined ? {} : { onEvent }),
  })
}
