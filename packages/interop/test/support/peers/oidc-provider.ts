import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { listen } from '../listen.ts'
import type { Peer } from './peer.ts'

/** oidc-provider as it comes, development pages included, with the features switched on that the checks are about. */
export async function oidcProvider(): Promise<Peer> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'key', alg: 'RS256', use: 'sig' }
  const { origin, stop } = await listen(({ origin: here }) => {
    const provider = new Provider(here, {
      jwks: { keys: [key] },
      cookies: { keys: ['a key for the cookies of this test'] },
      features: {
        clientCredentials: { enabled: true },
        introspection: { enabled: true },
        registration: { enabled: true },
        registrationManagement: { enabled: true },
        revocation: { enabled: true },
      },
    })
    const answer = provider.callback()
    return (request, response) => void answer(request, response)
  })
  return {
    target: { issuer: origin, user: { username: 'alice', password: 'alice-pw' }, scope: 'openid' },
    stop,
  }
}
