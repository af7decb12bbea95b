import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

/** The two halves of a token. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
}

/** Gives the access tokens another form before they are signed. */
export type Shape = (token: TokenParts) => TokenParts

/** oidc-provider, listening, as the authorization server of a resource, with one client. */
export async function foreignIssuer(format: 'jwt' | 'opaque', shape: Shape = (token) => token) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const provider = new Provider(issuer, {
    // Its own key under a name that all have; those that it brings for development are the same everywhere.
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'key', alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [
      {
        client_id: 'machine',
        client_secret: 'secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ['read:application'],
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({
          audience,
          scope: 'read:application',
          accessTokenFormat: format,
          ...(format === 'jwt' ? { jwt: { sign: { alg: 'ES256' } } } : {}),
        }),
      },
    },
    formats: {
      customizers: {
        // It signs what is left in the object that it hands out.
        jwt: (_context, _token, parts) =>
          void Object.assign(parts, shape({ header: {}, payload: { ...parts.payload } })),
      },
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))
  return {
    issuer,
    /** An opaque token of alice, as a login would have led to. */
    async userToken(audience: string) {
      const client = await provider.Client.find('machine')
      if (client === undefined) throw new Error('the client is missing')
      const grant = new provider.Grant({ accountId: 'alice', clientId: 'machine' })
      grant.addResourceScope(audience, 'read:application')
      const grantId = await grant.save()
      const token = new provider.AccessToken({
        accountId: 'alice',
        client,
        grantId,
        gty: 'authorization_code',
        scope: 'read:application',
        resourceServer: new provider.ResourceServer(audience, {
          audience,
          scope: 'read:application',
          accessTokenFormat: 'opaque',
          accessTokenTTL: 900,
        }),
      })
      const value = await token.save()
      return { value, revoke: () => token.destroy() }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
