// RFC 9449 §5 and RFC 8705 §3: whatever grant a token comes from, it is bound to what its request proves
import { certificateThumbprint } from '@gatewright/core'
import {
  clientCredentials,
  deviceCode,
  jwtBearer,
  refreshToken,
  registered,
  tokenExchange,
} from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { deviceGrant, enterCode, openDevicePage, startDevice } from '../support/device.ts'
import { certificate, proofFor, testKey } from '../support/dpop.ts'
import { approve, claimsOf, post } from '../support/flow.ts'
import type { Sender } from '../support/flow.ts'
import { as } from '../support/service-server.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { createIdp, idJag, idJagType, idpIssuer, usersOfIdp } from '../support/trusted-idp.ts'

const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const idp = await createIdp()
const [mine, other] = [certificate('mine'), certificate('another')]

function server() {
  const agent = {
    client_secret: 'agent-secret',
    grant_types: ['client_credentials', jwtBearerGrant, exchangeGrant],
    scopes: ['read:application'],
    exchangeFor: [otherResource],
  }
  return testServer({
    mutualTls: true,
    clients: [
      registered(
        { client_id: 'agent', ...agent },
        {
          client_id: 'tls',
          ...agent,
          client_secret: 'tls-secret',
          tls_client_certificate_bound_access_tokens: true,
        },
        { client_id: 'tv', grant_types: [deviceGrant, 'refresh_token'] },
      ),
    ],
    grants: [
      clientCredentials(),
      tokenExchange(),
      deviceCode(),
      refreshToken(),
      jwtBearer({ issuers: [{ issuer: idpIssuer, jwks: idp.jwks, subject: usersOfIdp }] }),
    ],
  })
}

const own = (test: TestServer, sender: Sender, client = 'agent') =>
  post(test, '/token', { grant_type: 'client_credentials', resource: mcp }, { basic: as(client), ...sender })

const assert = async (test: TestServer, sender: Sender, client = 'agent') => {
  const assertion = await idp.sign(idJag(test.clock.now(), { client_id: client }), idJagType)
  const parameters = { grant_type: jwtBearerGrant, assertion, resource: mcp, scope: 'read:application' }
  return post(test, '/token', parameters, { basic: as(client), ...sender })
}

const exchange = (
  test: TestServer,
  subject: string | undefined,
  sender: Sender,
  client = 'agent',
  more: Readonly<Record<string, string | undefined>> = {},
) =>
  post(
    test,
    '/token',
    {
      grant_type: exchangeGrant,
      subject_token: subject,
      subject_token_type: accessTokenType,
      resource: otherResource,
      ...more,
    },
    { basic: as(client), ...sender },
  )

describe('a token is bound to the key of the proof', () => {
  it.each([
    ['client credentials', own],
    ['an assertion', assert],
  ])('from %s', async (_grant, obtain) => {
    const test = server()
    const key = await testKey(test)
    const { status, json } = await obtain(test, { dpop: await proofFor(key) })
    expect([status, json.token_type]).toEqual([200, 'DPoP'])
    expect(claimsOf(json.access_token)['cnf']).toEqual({ jkt: key.jkt })
    expect(claimsOf((await obtain(test, {})).json.access_token)).not.toHaveProperty('cnf')
  })

  it('from an exchange of a token that is not bound', async () => {
    const test = server()
    const key = await testKey(test)
    const { json: bearer } = await own(test, {})
    const { json } = await exchange(test, bearer.access_token, { dpop: await proofFor(key) })
    expect(claimsOf(json.access_token)['cnf']).toEqual({ jkt: key.jkt })
  })

  it('from a device, and so is its refresh token', async () => {
    const test = server()
    const key = await testKey(test)
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    await approve(browser, (await enterCode(browser, page, started.user_code)).body)
    const parameters = { grant_type: deviceGrant, client_id: 'tv', device_code: started.device_code }
    const { json } = await post(test, '/token', parameters, { dpop: await proofFor(key) })
    expect(json.token_type).toBe('DPoP')
    expect(claimsOf(json.access_token)['cnf']).toEqual({ jkt: key.jkt })
  })
})

describe('a token is bound to the certificate of a client that is registered for it', () => {
  it.each([
    ['client credentials', own],
    ['an assertion', assert],
  ])('from %s', async (_grant, obtain) => {
    const test = server()
    const { json } = await obtain(test, { certificate: mine }, 'tls')
    expect(claimsOf(json.access_token)['cnf']).toEqual({ 'x5t#S256': await certificateThumbprint(mine) })
    expect((await obtain(test, {}, 'tls')).json.error).toBe('invalid_request')
  })
})

describe('TX-18 in an exchange', () => {
  it('a subject token that is bound to a certificate needs this certificate', async () => {
    const test = server()
    const { json: bound } = await own(test, { certificate: mine }, 'tls')
    const attempt = (sender: Sender) => exchange(test, bound.access_token, sender, 'tls')
    for (const sender of [{}, { certificate: other }]) {
      const { status, json } = await attempt(sender)
      expect([status, json.error]).toEqual([400, 'invalid_request'])
    }
    const { status, json } = await attempt({ certificate: mine })
    expect(status, json.error_description).toBe(200)
    expect(claimsOf(json.access_token)['cnf']).toEqual({ 'x5t#S256': await certificateThumbprint(mine) })
  })

  it('a subject token that is bound to a key needs a proof of this key', async () => {
    const test = server()
    const [key, another] = [await testKey(test), await testKey(test)]
    const { json: bound } = await own(test, { dpop: await proofFor(key) })
    const attempt = async (sender: Sender) => {
      const { status, json } = await exchange(test, bound.access_token, sender)
      return [status, json.error]
    }
    expect(await attempt({})).toEqual([400, 'invalid_dpop_proof'])
    expect(await attempt({ dpop: await proofFor(another) })).toEqual([400, 'invalid_request'])
    expect(await attempt({ dpop: await proofFor(key) })).toEqual([200, undefined])
  })

  it('an actor token that is bound needs the same', async () => {
    const test = server()
    const [key, another] = [await testKey(test), await testKey(test)]
    const { json: subject } = await own(test, {})
    const { json: actor } = await own(test, { dpop: await proofFor(key) })
    const more = { actor_token: actor.access_token, actor_token_type: accessTokenType }
    const attempt = async (sender: Sender) =>
      (await exchange(test, subject.access_token, sender, 'agent', more)).json.error
    expect(await attempt({})).toBe('invalid_dpop_proof')
    expect(await attempt({ dpop: await proofFor(another) })).toBe('invalid_request')
    expect(await attempt({ dpop: await proofFor(key) })).toBeUndefined()
  })
})
