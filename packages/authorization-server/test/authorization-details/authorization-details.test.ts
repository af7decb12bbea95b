// RFC 9396: https://www.rfc-editor.org/rfc/rfc9396.html
import { authorizationCode, registered } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { asking, detailsServer, introspected, pay, payment } from '../support/details.ts'
import { startDevice } from '../support/device.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, claimsOf, logIn, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { push, reference } from '../support/pushed.ts'
import { as } from '../support/service-server.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import { obtainCodeForBoth, obtainTokens, webCallback } from '../support/tokens.ts'
import { authorizeUrl } from '../support/flow.ts'

const detailsOf = (json: object) => (json as Record<string, unknown>)['authorization_details']

describe('authorization details', () => {
  it.each(['jwt', 'opaque'] as const)(
    'are in the answer, in the token and in its introspection (%s)',
    async (accessTokenFormat) => {
      const test = detailsServer({ accessTokenFormat })
      const asked = asking(pay(40, 'Acme'), pay(2, 'Bolt'))
      const { tokens } = await obtainTokens(test, asked)
      const granted = [pay(40, 'Acme'), pay(2, 'Bolt')]
      expect(detailsOf(tokens)).toEqual(granted)
      expect(await introspected(test, tokens.access_token)).toEqual(granted)
      if (accessTokenFormat === 'jwt')
        expect(claimsOf(tokens.access_token)['authorization_details']).toEqual(granted)
    },
  )

  it('are shown to the user in words, with markup and all as text', async () => {
    const test = detailsServer()
    const browser = createBrowser(test.server)
    const login = await authorize(browser, asking(pay(40, '<b>Acme</b>')))
    const consent = await logIn(browser, login.body)
    expect(consent.body).toContain('<li dir="auto">Pay 40 to &lt;b&gt;Acme&lt;/b&gt;</li>')
    const plain = await authorize(browser)
    expect(plain.body).not.toContain('id="details"')
  })

  it('may be pushed', async () => {
    const test = detailsServer()
    const { uri, verifier } = await push(test, asking(pay(40, 'Acme')))
    const browser = createBrowser(test.server)
    const consent = await logIn(browser, (await browser.send(authorizeUrl(reference(uri)))).body)
    const { location } = await approve(browser, consent.body)
    const code = location?.searchParams.get('code') ?? ''
    expect(detailsOf((await redeem(test, { code, verifier })).json)).toEqual([pay(40, 'Acme')])
  })

  it('are asked about each time, also of clients that are asked about once or never', async () => {
    const test = detailsServer()
    for (const client of ['once', 'never']) {
      const target = { client_id: client, redirect_uri: webCallback }
      const { browser } = await obtainCode(test, target)
      expect((await authorize(browser, target)).location?.searchParams.has('code')).toBe(true)
      expectForm(await authorize(browser, { ...target, ...asking(pay(1, 'Acme')) }), 'consent')
      const silent = await authorize(browser, { ...target, ...asking(pay(1, 'Acme')), prompt: 'none' })
      expectRedirectError(silent, 'consent_required', { to: webCallback })
    }
  })

  it('are in the metadata by type, and refused where there are none', async () => {
    expect(await detailsServer().server.metadata()).toMatchObject({
      authorization_details_types_supported: ['payment'],
    })
    const test = testServer()
    expect(await test.server.metadata()).not.toHaveProperty('authorization_details_types_supported')
    const refused = await authorize(createBrowser(test.server), asking(pay(1, 'Acme')))
    expectRedirectError(refused, 'invalid_authorization_details')
  })

  it.each([[[payment, payment]], [[{ ...payment, name: '' }]]])('cannot be of these types', (types) => {
    expect(() => testServer({ authorizationDetails: types })).toThrow(TypeError)
  })
})

describe('PA-09 authorization details are refused', () => {
  it.each<[string, string, RegExp]>([
    ['of an unknown type', JSON.stringify([{ type: 'transfer' }]), /type .* not supported/],
    ['of no type', JSON.stringify([{ amount: 1, to: 'Acme' }]), /type .* not supported/],
    ['with an unknown field', JSON.stringify([pay(1, 'Acme', { urgent: true })]), /unknown field/],
    ['that the type finds wrong', JSON.stringify([pay(101, 'Acme')]), /amount or to/],
    ['that are no JSON', '[{"type":', /no JSON/],
    ['with a name twice', '[{"type":"payment","amount":1,"amount":99,"to":"Acme"}]', /twice/],
    ['that are no list', JSON.stringify(pay(1, 'Acme')), /list of 1 to 100/],
    ['that are none', '[]', /list of 1 to 100/],
    ['that are no objects', '["payment",null,[]]', /must be an object/],
    ['in over 100 entries', JSON.stringify(Array.from({ length: 101 }, () => pay(1, 'A'))), /./],
    ['in 101 short entries', JSON.stringify(Array.from({ length: 101 }, () => ({}))), /list of 1 to 100/],
    ['of over 4,096 bytes', JSON.stringify([pay(1, 'A'.repeat(4096))]), /4096 bytes/],
  ])('%s', async (_name, authorization_details, message) => {
    const test = detailsServer()
    const refused = await authorize(createBrowser(test.server), { authorization_details })
    expectRedirectError(refused, 'invalid_authorization_details')
    expect(refused.location?.searchParams.get('error_description')).toMatch(message)
    const pushed = await push(test, { authorization_details })
    expect([pushed.status, pushed.json.error]).toEqual([400, 'invalid_authorization_details'])
  })

  it('by a grant type that does not read them', async () => {
    const handle = () => Promise.reject(new Error('it is asked'))
    const kiosk = { name: 'urn:example:kiosk', parameters: [], handle }
    const client = { client_id: 'kiosk', client_secret: 'kiosk-secret', grant_types: [kiosk.name] }
    const test = detailsServer({ clients: [registered(client)], grants: [authorizationCode(), kiosk] })
    const parameters = { grant_type: kiosk.name, ...asking(pay(1, 'Acme')) }
    const { json } = await post(test, '/token', parameters, { basic: as('kiosk') })
    expect(json.error).toBe('invalid_authorization_details')
  })

  it('by grants that no user approves, and by devices', async () => {
    const test = detailsServer()
    const parameters = { grant_type: 'client_credentials', resource: mcp, ...asking(pay(1, 'Acme')) }
    const { json } = await post(test, '/token', parameters, { basic: as('svc') })
    expect(json.error).toBe('invalid_authorization_details')
    expect((await startDevice(test, asking(pay(1, 'Acme')))).json.error).toBe('invalid_authorization_details')
  })
})

describe('PA-10 what is granted', () => {
  it('may be less than what was asked for, and the answer tells it', async () => {
    const test = detailsServer()
    const asked = asking(pay(40, 'Acme'))
    const half = await obtainTokens(test, asked, { username: 'bob' })
    expect(detailsOf(half.tokens)).toEqual([pay(20, 'Acme')])
    const read = { ...asked, scope: 'read:application' }
    const none = await obtainTokens(test, read, { username: 'carol' })
    expect(detailsOf(none.tokens)).toBeUndefined()
    expect(claimsOf(none.accessToken)).not.toHaveProperty('authorization_details')
  })

  it('is never what a client could not ask for', async () => {
    const grant = () => ({ ...pay(1, 'Acme'), urgent: true })
    const test = detailsServer({ authorizationDetails: [{ ...payment, grant }] })
    await expect(obtainCode(test, asking(pay(1, 'Acme')))).rejects.toThrow('server_error')
  })

  it('only narrows, when the code is redeemed and when the token is refreshed', async () => {
    const test = detailsServer()
    const [acme, bolt] = [pay(40, 'Acme'), pay(2, 'Bolt')]
    const obtained = await obtainCode(test, asking(acme, bolt))
    for (const wider of [pay(41, 'Acme'), pay(40, 'Cash')])
      expect((await redeem(test, obtained, asking(wider))).json.error).toBe('invalid_authorization_details')
    const { json } = await redeem(test, obtained, asking(bolt))
    expect(detailsOf(json)).toEqual([bolt])
    const wider = await refresh(test, json.refresh_token, asking(acme, pay(1, 'Cash')))
    expect(wider.json.error).toBe('invalid_authorization_details')
    // In another order of members it is the same detail.
    const narrowed = await refresh(
      test,
      json.refresh_token,
      asking({ to: 'Acme', amount: 40, type: 'payment' }),
    )
    expect(detailsOf(narrowed.json)).toEqual([acme])
    const repeated = await refresh(test, json.refresh_token, asking(bolt))
    expect(repeated.json.error).toBe('invalid_grant')
    const all = await refresh(test, narrowed.json.refresh_token)
    expect(detailsOf(all.json)).toEqual([acme, bolt])
  })

  it('is told only to the resource that it is for', async () => {
    const test = detailsServer()
    const here = pay(1, 'Acme', { locations: [mcp] })
    const there = pay(2, 'Bolt', { locations: [otherResource] })
    const obtained = await obtainCodeForBoth(test, asking(here, there, pay(3, 'Cash')))
    const { json } = await redeem(test, obtained)
    expect(detailsOf(json)).toEqual([here, pay(3, 'Cash')])
    const other = await refresh(test, json.refresh_token, { resource: otherResource })
    expect(detailsOf(other.json)).toEqual([there, pay(3, 'Cash')])
  })
})
