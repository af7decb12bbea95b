// https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11#section-10.3
import { ciba, registered } from '@gatewright/authorization-server'
import { createMemoryStorage } from '@gatewright/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import type { KeyPair } from '../support/assertions.ts'
import { attestationKeys, attestationServer, attested } from '../support/attestation.ts'
import type { AttestationKeys } from '../support/attestation.ts'
import { createBrowser } from '../support/browser.ts'
import { cibaGrant, openLink } from '../support/ciba.ts'
import { deviceGrant, enterCode, openDevicePage } from '../support/device.ts'
import { approve, authorizationParameters, authorizeUrl, logIn, obtainCode, post } from '../support/flow.ts'
import { reference } from '../support/pushed.ts'
import { mcp } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { webCallback } from '../support/tokens.ts'

let keys: AttestationKeys
beforeAll(async () => {
  keys = await attestationKeys()
})

type Parameters = Readonly<Record<string, string | undefined>>
const of = { client_id: 'wallet', redirect_uri: webCallback, scope: 'read:application', resource: mcp }
const denied = [400, 'invalid_grant']

async function ask(test: TestServer, instance: KeyPair, parameters: Parameters, path = '/token') {
  return post(test, path, parameters, await attested(test, keys, instance))
}

async function redeemAs(
  test: TestServer,
  instance: KeyPair,
  { code, verifier }: { code: string; verifier: string },
) {
  const { client_id, resource } = of
  return ask(test, instance, {
    grant_type: 'authorization_code',
    client_id,
    resource,
    code,
    code_verifier: verifier,
    redirect_uri: webCallback,
  })
}

async function refreshAs(test: TestServer, instance: KeyPair, token: string | undefined) {
  const { status, json } = await ask(test, instance, { grant_type: 'refresh_token', refresh_token: token })
  return { outcome: [status, json.error], token: json.refresh_token, message: json.error_description }
}

async function firstToken(test: TestServer) {
  const { json } = await redeemAs(test, keys.instance, await obtainCode(test, of))
  return json.refresh_token
}

describe('a refresh token of an attested instance', () => {
  it('is of no use to another instance of the same client, and does not end by the attempt', async () => {
    const test = attestationServer(keys)
    const token = await firstToken(test)
    const stolen = await refreshAs(test, keys.other, token)
    expect([stolen.outcome, stolen.message]).toEqual([
      denied,
      'the refresh token is bound to another instance of the client',
    ])
    expect((await refreshAs(test, keys.instance, token)).outcome).toEqual([200, undefined])
  })

  it('stays bound when it rotates, and while it may be repeated', async () => {
    const test = attestationServer(keys)
    const token = await firstToken(test)
    const next = await refreshAs(test, keys.instance, token)
    expect((await refreshAs(test, keys.other, next.token)).outcome).toEqual(denied)
    expect((await refreshAs(test, keys.other, token)).outcome).toEqual(denied)
    expect((await refreshAs(test, keys.instance, token)).token).toBe(next.token)
    const third = await refreshAs(test, keys.instance, next.token)
    expect((await refreshAs(test, keys.other, third.token)).outcome).toEqual(denied)
    expect((await refreshAs(test, keys.instance, third.token)).outcome).toEqual([200, undefined])
  })

  it('that an unattested client got before is bound from the first refresh by an instance on', async () => {
    const storage = createMemoryStorage()
    const secret = { client_id: 'wallet', client_secret: 'wallet-secret', redirect_uris: [webCallback] }
    const before = attestationServer(keys, {}, { storage, clients: [registered(secret)] })
    const test = attestationServer(keys, {}, { storage })
    const { code, verifier } = await obtainCode(before, of)
    const basic = { basic: 'wallet:wallet-secret' }
    const parameters = { grant_type: 'authorization_code', code, code_verifier: verifier, resource: mcp }
    const { json } = await post(before, '/token', parameters, basic)
    const { token } = await refreshAs(test, keys.instance, json.refresh_token)
    expect((await refreshAs(test, keys.other, token)).outcome).toEqual(denied)
    // Nor is a secret enough for what an instance got, should the operator go back to one.
    const back = await post(before, '/token', { grant_type: 'refresh_token', refresh_token: token }, basic)
    expect([back.status, back.json.error]).toEqual(denied)
    expect((await refreshAs(test, keys.instance, token)).outcome).toEqual([200, undefined])
  })
})

describe('an authorization code', () => {
  async function pushedCode(test: TestServer) {
    const { verifier, query } = await authorizationParameters(of)
    const pushed = await ask(test, keys.instance, Object.fromEntries(new URLSearchParams(query)), '/par')
    const browser = createBrowser(test.server)
    const login = await browser.send(
      authorizeUrl(reference(pushed.json.request_uri ?? '', { client_id: 'wallet' })),
    )
    const consent = await logIn(browser, login.body)
    const { location } = await approve(browser, consent.body)
    return { code: location?.searchParams.get('code') ?? '', verifier }
  }

  it('that an instance has pushed the request for is of no use to another, though it has the verifier', async () => {
    const test = attestationServer(keys)
    const code = await pushedCode(test)
    const stolen = await redeemAs(test, keys.other, code)
    expect([stolen.status, stolen.json.error, stolen.json.error_description]).toEqual([
      ...denied,
      'the code is bound to another instance of the client',
    ])
    const { status, json } = await redeemAs(test, keys.instance, code)
    expect(status).toBe(200)
    // Whoever was refused is no replay either.
    expect((await redeemAs(test, keys.other, code)).status).toBe(400)
    expect((await refreshAs(test, keys.instance, json.refresh_token)).outcome).toEqual([200, undefined])
  })

  it('that the browser asked for is for whichever instance has the verifier', async () => {
    const test = attestationServer(keys)
    expect((await redeemAs(test, keys.other, await obtainCode(test, of))).status).toBe(200)
  })
})

describe('a device code', () => {
  it('is of no use to another instance than the one that got it', async () => {
    const test = attestationServer(keys)
    const { json } = await ask(test, keys.instance, of, '/device_authorization')
    const { browser, page } = await openDevicePage(test)
    const consent = await enterCode(browser, page, json.user_code ?? '')
    await approve(browser, consent.body)
    const parameters = { grant_type: deviceGrant, device_code: json.device_code }
    const stolen = await ask(test, keys.other, parameters)
    expect([stolen.status, stolen.json.error]).toEqual(denied)
    expect((await ask(test, keys.instance, parameters)).status).toBe(200)
  })
})

describe('a request in the background', () => {
  it('is of no use to another instance than the one that made it', async () => {
    const links: string[] = []
    const grant = ciba({
      resolveLoginHint: async (hint) => hint,
      notifyUser: async ({ url }) => void links.push(url),
    })
    const client = {
      client_id: 'wallet',
      token_endpoint_auth_method: 'attest_jwt_client_auth',
      grant_types: [cibaGrant],
    }
    const attesters = [{ clients: ['wallet'], jwks: { keys: [keys.attester.jwk] } }]
    const test = attestationServer(keys, { attesters }, { clients: [registered(client)], grants: [grant] })
    const asked = { scope: 'openid read:application', resource: mcp, login_hint: 'alice' }
    expect((await post(test, '/bc-authorize', { ...asked, client_id: 'wallet' })).status).toBe(401)
    const { json } = await ask(test, keys.instance, asked, '/bc-authorize')
    const page = await openLink(test, links[0] ?? '')
    await approve(page.browser, page.body)
    const parameters = { grant_type: cibaGrant, auth_req_id: json['auth_req_id'] }
    const stolen = await ask(test, keys.other, parameters)
    expect([stolen.status, stolen.json.error]).toEqual(denied)
    expect((await ask(test, keys.instance, parameters)).status).toBe(200)
  })
})
