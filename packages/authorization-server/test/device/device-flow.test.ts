// RFC 8628 §3: https://www.rfc-editor.org/rfc/rfc8628.html#section-3
import { authorizationCode, deviceCode, refreshToken, registered } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { formOf } from '../support/browser.ts'
import { deviceGrant, deviceServer, enterCode, openDevicePage, poll, startDevice } from '../support/device.ts'
import { expectPageHeaders } from '../support/expectations.ts'
import { callbackUrl, choose, serverWithProviders } from '../support/fake-provider.ts'
import { approve, claimsOf, isActive, post, refresh } from '../support/flow.ts'
import { issuer, mcp, otherResource } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

describe('connecting a device', () => {
  it('DF-01 gives it tokens after its user entered the code and approved', async () => {
    const test = deviceServer()
    const { status, headers, json: started } = await startDevice(test)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(started).toMatchObject({
      verification_uri: `${issuer}/device`,
      verification_uri_complete: `${issuer}/device?user_code=${started.user_code}`,
      expires_in: 600,
      interval: 5,
    })
    expect((await poll(test, started.device_code)).json.error).toBe('authorization_pending')

    const { browser, page } = await openDevicePage(test)
    const consent = await enterCode(browser, page, started.user_code)
    expect(consent.body).toContain('Television')
    expect(consent.body).toContain(started.user_code)
    const done = await approve(browser, consent.body)
    expectPageHeaders(done.response)
    expect(done.body).toContain('Your device is connected')

    test.clock.advance(5)
    const { status: granted, json: tokens } = await poll(test, started.device_code)
    expect(granted).toBe(200)
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: 'alice', client_id: 'tv', aud: mcp })
    expect(tokens.scope).toBe('read:application')
    expect((await refresh(test, tokens.refresh_token, { client_id: 'tv' })).status).toBe(200)
    expect(eventsOf(test, 'token.issued')[0]).toMatchObject({ grantType: deviceGrant, clientId: 'tv' })
    expect(await test.server.grants.list({ subject: 'alice' })).toMatchObject([{ clientId: 'tv' }])
  })

  it('DF-01 is in the metadata, with its grant type', async () => {
    expect(await deviceServer().server.metadata()).toMatchObject({
      device_authorization_endpoint: `${issuer}/device_authorization`,
      grant_types_supported: ['authorization_code', 'refresh_token', deviceGrant],
    })
  })

  it('lets the user log in at a provider, and asks about the device afterwards', async () => {
    const { test, browser, github } = serverWithProviders(
      {
        clients: [
          registered({
            client_id: 'tv',
            client_name: 'Television',
            grant_types: [deviceGrant, 'refresh_token'],
          }),
        ],
        grants: [authorizationCode(), refreshToken(), deviceCode()],
      },
      { password: false },
    )
    const { json: started } = await startDevice(test)
    const left = await choose(browser, (await browser.send(started.verification_uri)).body, 'github')
    expect(github.started).toHaveLength(1)
    const { body: page } = await browser.send(callbackUrl(left.location as URL, 'github', { code: 'alice' }))
    const consent = await enterCode(browser, page, started.user_code)
    expect(consent.body).toContain('Television')
    expect((await poll(test, started.device_code)).json.error).toBe('authorization_pending')
    await approve(browser, consent.body)
    test.clock.advance(5)
    const { json: tokens } = await poll(test, started.device_code)
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: 'alice', client_id: 'tv' })
  })

  it('lets the user grant less than the device asked for', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test, { scope: 'read:application read:user openid' })
    const { browser, page } = await openDevicePage(test)
    const consent = await enterCode(browser, page, started.user_code)
    await approve(browser, consent.body, ['read:user'])
    expect((await poll(test, started.device_code)).json).toMatchObject({ scope: 'read:user' })
  })

  it('tells the device when its user denies', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    const consent = await enterCode(browser, page, started.user_code)
    const form = formOf(consent.body, 'consent')
    form.fields.set('decision', 'deny')
    expect((await browser.submit(form)).body).toContain('Nothing was connected')
    const { status, json } = await poll(test, started.device_code)
    expect([status, json.error]).toEqual([400, 'access_denied'])
    expect(eventsOf(test, 'consent.denied')).toHaveLength(1)
  })

  it('gives a code that was approved at the last moment time to be fetched', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    test.clock.advance(595)
    const consent = await enterCode(browser, page, started.user_code)
    await approve(browser, consent.body)
    test.clock.advance(10)
    expect((await poll(test, started.device_code)).status).toBe(200)
  })

  it('checks scope and resource as an authorization request does', async () => {
    const test = deviceServer()
    expect((await startDevice(test, { scope: 'nope' })).json.error).toBe('invalid_scope')
    expect((await startDevice(test, { resource: 'https://x.example/' })).json.error).toBe('invalid_target')
    expect((await startDevice(test, { resource: undefined })).json.error).toBe('invalid_target')
    const { json: started } = await startDevice(test)
    expect((await poll(test, started.device_code, { resource: otherResource })).json.error).toBe(
      'authorization_pending',
    )
  })

  it('is refused to a client that is no device', async () => {
    const test = deviceServer()
    const { json } = await startDevice(test, { client_id: 'claude-desktop-mcp' })
    expect(json.error).toBe('unauthorized_client')
    expect((await startDevice(test, { client_id: 'unknown' })).status).toBe(401)
  })

  it('stops when the user is gone, or the user disconnects it', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    await approve(browser, (await enterCode(browser, page, started.user_code)).body)
    test.activeUsers.delete('alice')
    expect((await poll(test, started.device_code)).json.error).toBe('invalid_grant')
    test.activeUsers.set('alice', {} as never)
    const { json: tokens } = await poll(test, started.device_code)
    const [grant] = await test.server.grants.list({ subject: 'alice' })
    await test.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })
    expect(await isActive(test, tokens.access_token)).toBe(false)
  })

  it.each([{ lifetime: 0 }, { lifetime: 1801 }, { interval: 0 }, { interval: Number.NaN }])(
    '%o is no way to configure it',
    (options) => {
      expect(() => deviceCode(options)).toThrow(TypeError)
    },
  )

  it('asks under the paths that the operator chose', async () => {
    const paths = { device: '/activate', device_authorization: '/oauth/device' }
    const test = deviceServer({}, { paths })
    const { json } = await post(test, '/oauth/device', { client_id: 'tv', resource: mcp })
    expect(json).toMatchObject({ verification_uri: `${issuer}/activate` })
  })
})
