// RFC 8705 §3: https://www.rfc-editor.org/rfc/rfc8705.html#section-3
import { certificateThumbprint } from '@gatewright/core'
import { registered } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { certificate } from '../support/dpop.ts'
import { claimsOf, obtainCode, redeem, redirectUri, refresh } from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'

const [mine, other] = [certificate('mine'), certificate('another')]

const boundServer = (mutualTls = true) =>
  testServer({
    mutualTls,
    clients: [
      registered(
        {
          client_id: 'claude-desktop-mcp',
          redirect_uris: [redirectUri],
          tls_client_certificate_bound_access_tokens: true,
        },
        { client_id: 'unbound', redirect_uris: [redirectUri] },
      ),
    ],
  })

describe('a client that is registered for tokens bound to its certificate', () => {
  it('gets them, and the metadata says that there are such', async () => {
    const test = boundServer()
    const { status, json } = await redeem(test, await obtainCode(test), {}, { certificate: mine })
    expect(status).toBe(200)
    expect(json.token_type).toBe('Bearer')
    expect(claimsOf(json.access_token).cnf).toEqual({ 'x5t#S256': await certificateThumbprint(mine) })
    expect(await test.server.metadata()).toMatchObject({ tls_client_certificate_bound_access_tokens: true })
  })

  it.each([
    ['without a certificate', {}],
    ['with something else in its place', { certificate: 'certificate' }],
  ])('gets none %s', async (_what, sender) => {
    const test = boundServer()
    expect((await redeem(test, await obtainCode(test), {}, sender)).json.error).toBe('invalid_request')
  })

  it('is refused at the start where the server was not told that the adapter hands certificates in', async () => {
    expect(() => boundServer(false)).toThrow('needs the option mutualTls: true')
    expect(await testServer().server.metadata()).not.toHaveProperty(
      'tls_client_certificate_bound_access_tokens',
    )
  })

  it('refreshes with this certificate only, since it is public', async () => {
    const test = boundServer()
    const { json } = await redeem(test, await obtainCode(test), {}, { certificate: mine })
    const refused = await refresh(test, json.refresh_token, {}, { certificate: other })
    expect(refused.json.error).toBe('invalid_grant')
    expect((await refresh(test, json.refresh_token, {}, { certificate: mine })).status).toBe(200)
  })

  it('DP-18 userinfo takes its token with this certificate only', async () => {
    const test = boundServer()
    const target = { scope: 'openid', resource: undefined }
    const obtained = await obtainCode(test, target)
    const { json } = await redeem(test, obtained, { resource: undefined }, { certificate: mine })
    const request = () =>
      new Request(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${json.access_token}` } })
    const status = async (context: object) => (await test.server.handle(request(), context))?.status
    expect(await status({ clientCertificate: mine })).toBe(200)
    expect(await status({ clientCertificate: other })).toBe(401)
    expect(await status({})).toBe(401)
  })
})

it('a client that is not registered for it gets bearer tokens, whatever certificate its machine has', async () => {
  const test = boundServer()
  const client = { client_id: 'unbound' }
  const { json } = await redeem(test, await obtainCode(test, client), client, { certificate: mine })
  expect(claimsOf(json.access_token)).not.toHaveProperty('cnf')
})
