// OpenID Connect CIBA Core 1.0: https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html
import { ciba, registered } from '@gatewright/authorization-server'
import { OAuthError } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { formOf } from '../support/browser.ts'
import { cibaGrant, cibaServer, fetchTokens, openLink, pingUrl, startBackchannel } from '../support/ciba.ts'
import { expectPageHeaders } from '../support/expectations.ts'
import { approve, claimsOf, post, refresh } from '../support/flow.ts'
import { issuer, mcp } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

describe('asking for a user in the background', () => {
  it('gives the client tokens after the user approved on the page', async () => {
    const { test, asked } = cibaServer()
    const started = await startBackchannel(test)
    expect(started.status).toBe(200)
    expect(started.headers.get('cache-control')).toBe('no-store')
    expect(started.json).toEqual({ auth_req_id: started.id, expires_in: 300, interval: 5 })
    expect(asked).toMatchObject([
      {
        subject: 'alice',
        client: { client_id: 'desk', client_name: 'Service desk', verified: true },
        bindingMessage: 'Ticket 4711',
        scopes: [{ name: 'openid' }, { name: 'read:application', description: 'View applications' }],
        resources: [mcp],
        expiresAt: test.clock.now() + 300_000,
      },
    ])
    expect((await fetchTokens(test, started.id)).json.error).toBe('authorization_pending')

    const page = await openLink(test, asked[0]?.url ?? '')
    expect(page.body).toContain('Service desk')
    expect(page.body).toContain('Ticket 4711')
    expect(page.body).toContain('This request was started elsewhere.')
    const done = await approve(page.browser, page.body)
    expectPageHeaders(done.response)
    expect(done.body).toContain('Request approved')

    test.clock.advance(5)
    const { status, json: tokens } = await fetchTokens(test, started.id)
    expect(status).toBe(200)
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: 'alice', client_id: 'desk', aud: mcp })
    expect(claimsOf(tokens.id_token)).toMatchObject({ iss: issuer, sub: 'alice', aud: 'desk' })
    // CIBA Core 1.0 §10.3.1: that claim is for tokens that are pushed.
    expect(claimsOf(tokens.id_token)).not.toHaveProperty('urn:openid:params:jwt:claim:auth_req_id')
    expect(tokens.scope).toBe('openid read:application')
    const sender = { basic: 'desk:desk-secret' }
    expect((await refresh(test, tokens.refresh_token, { client_id: undefined }, sender)).status).toBe(200)
    expect(eventsOf(test, 'backchannel_request.issued')).toMatchObject([
      { clientId: 'desk', subject: 'alice' },
    ])
    expect(eventsOf(test, 'token.issued')[0]).toMatchObject({ grantType: cibaGrant, clientId: 'desk' })
    expect(await test.server.grants.list({ subject: 'alice' })).toMatchObject([{ clientId: 'desk' }])
  })

  it('is in the metadata, with its grant type', async () => {
    const { test } = cibaServer({}, { paths: { backchannel_authentication: '/oauth/background' } })
    const metadata = await test.server.metadata()
    expect(metadata).toMatchObject({
      backchannel_authentication_endpoint: `${issuer}/oauth/background`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_user_code_parameter_supported: false,
    })
    expect(metadata['grant_types_supported']).toContain(cibaGrant)
    expect((await post(test, '/oauth/background', {}, { basic: 'desk:desk-secret' })).status).toBe(400)
  })

  it('tells the client when the user denies, or takes away what it depends on', async () => {
    for (const deny of [true, false]) {
      const { test, asked } = cibaServer()
      const { id } = await startBackchannel(test)
      const page = await openLink(test, asked[0]?.url ?? '')
      const form = formOf(page.body, 'consent')
      form.fields.set('decision', deny ? 'deny' : 'approve')
      if (!deny) form.fields.delete('scope', 'openid')
      expect((await page.browser.submit(form)).body).toContain('Request denied')
      expect((await fetchTokens(test, id)).json.error).toBe('access_denied')
      expect(eventsOf(test, 'consent.denied')).toMatchObject([{ subject: 'alice', clientId: 'desk' }])
    }
  })

  it('gives no more than the user ticked, and no more than the user may grant', async () => {
    const { test, asked } = cibaServer()
    const scope = 'openid read:application write:application'
    const { id } = await startBackchannel(test, { scope })
    const page = await openLink(test, asked[0]?.url ?? '')
    await approve(page.browser, page.body, ['openid', 'read:application'])
    expect((await fetchTokens(test, id)).json.scope).toBe('openid read:application')
    const carol = await startBackchannel(test, { scope, login_hint: 'carol' })
    const hers = await openLink(test, asked[1]?.url ?? '', 'carol')
    expect(hers.body).not.toContain('write:application')
    await approve(hers.browser, hers.body)
    expect((await fetchTokens(test, carol.id)).json.scope).toBe('openid read:application')
  })

  it('names the user by an ID token of the client, also by one that has expired', async () => {
    const { test, asked } = cibaServer()
    const { id } = await startBackchannel(test)
    const page = await openLink(test, asked[0]?.url ?? '')
    await approve(page.browser, page.body)
    const { id_token: hint } = (await fetchTokens(test, id)).json
    test.clock.advance(86_400)
    const again = { login_hint: undefined, id_token_hint: hint }
    expect((await startBackchannel(test, again)).status).toBe(200)
    expect(asked[1]).toMatchObject({ subject: 'alice' })
  })

  it('names the user by a token of the integrator’s own, where there is a function for it', async () => {
    const expired = new OAuthError('expired_login_hint_token', 'the token has expired')
    const { test, asked } = cibaServer({
      async resolveLoginHintToken(token, client) {
        if (token === 'old') throw expired
        return token === `for-${client.client_id}` ? 'bob' : undefined
      },
    })
    const ask = (token: string) => startBackchannel(test, { login_hint: undefined, login_hint_token: token })
    expect((await ask('for-desk')).status).toBe(200)
    expect(asked).toMatchObject([{ subject: 'bob' }])
    expect((await ask('for-shop')).json.error).toBe('unknown_user_id')
    const { status, json } = await ask('old')
    expect([status, json.error]).toEqual([400, 'expired_login_hint_token'])
  })

  it('lets the client ask for less time, and never for more', async () => {
    const { test } = cibaServer()
    expect((await startBackchannel(test, { requested_expiry: '30' })).json.expires_in).toBe(30)
    const { json, id } = await startBackchannel(test, { requested_expiry: '100000' })
    expect(json.expires_in).toBe(300)
    test.clock.advance(300)
    expect((await fetchTokens(test, id)).json.error).toBe('expired_token')
  })
})

describe('an app of the integrator’s own', () => {
  const login = { subject: 'alice', authenticatedAt: Date.parse('2026-01-01T00:00:00Z'), amr: ['fpt'] }

  it('reads a request and answers it without the page', async () => {
    const { test, asked } = cibaServer()
    const requests = test.server.authenticationRequests
    const { id } = await startBackchannel(test)
    const name = asked[0]?.id ?? ''
    expect(await requests.find(name)).toEqual(asked[0])
    expect(await requests.approve(name, { ...login, acr: 'high' })).toBe(true)
    expect(await requests.find(name)).toBeUndefined()
    expect(await requests.approve(name, login)).toBe(false)
    const { json } = await fetchTokens(test, id)
    expect(claimsOf(json.id_token)).toMatchObject({ sub: 'alice', amr: ['fpt'], acr: 'high' })
    const denied = await startBackchannel(test)
    expect(await requests.deny(asked[1]?.id ?? '', { subject: 'alice' })).toBe(true)
    expect((await fetchTokens(test, denied.id)).json.error).toBe('access_denied')
  })

  it('approves for the user who is asked, within what was asked, and for nobody else', async () => {
    const { test, asked } = cibaServer()
    const requests = test.server.authenticationRequests
    const { id } = await startBackchannel(test)
    const name = asked[0]?.id ?? ''
    expect(await requests.approve(name, { ...login, subject: 'bob' })).toBe(false)
    expect(await requests.deny(name, { subject: 'bob' })).toBe(false)
    expect(await requests.approve('x'.repeat(43), login)).toBe(false)
    expect(await requests.approve(id, login)).toBe(false)
    const beyond = { ...login, scopes: ['openid', 'write:application'] }
    await expect(requests.approve(name, beyond)).rejects.toThrow('"write:application" is not offered')
    await expect(requests.approve(name, { ...login, scopes: [] })).rejects.toThrow('must contain openid')
    test.activeUsers.delete('alice')
    await expect(requests.approve(name, login)).rejects.toThrow('not active')
    expect((await fetchTokens(test, id)).json.error).toBe('authorization_pending')
    test.activeUsers.set('alice', {} as never)
    expect(await requests.approve(name, { ...login, scopes: ['openid'] })).toBe(true)
    expect((await fetchTokens(test, id)).json.scope).toBe('openid')
  })
})

describe('a client that is pinged', () => {
  const notificationToken = 'p'.repeat(43)
  const ask = (test: Parameters<typeof startBackchannel>[0], token: string | undefined = notificationToken) =>
    startBackchannel(test, { client_notification_token: token }, { basic: 'pinged:desk-secret' })

  it('is told that its user has answered, with the token that it sent, and fetches the tokens then', async () => {
    const { test, asked, pings } = cibaServer()
    const { id } = await ask(test)
    const page = await openLink(test, asked[0]?.url ?? '')
    expect(pings).toEqual([])
    await approve(page.browser, page.body)
    expect(pings.map(({ url, method, redirect }) => [url, method, redirect])).toEqual([
      [pingUrl, 'POST', 'manual'],
    ])
    expect(pings[0]?.headers.get('authorization')).toBe(`Bearer ${notificationToken}`)
    expect(await pings[0]?.json()).toEqual({ auth_req_id: id })
    expect((await fetchTokens(test, id, {}, { basic: 'pinged:desk-secret' })).status).toBe(200)
    expect(eventsOf(test, 'backchannel_request.notified')).toMatchObject([{ clientId: 'pinged' }])
    const denied = await ask(test)
    await test.server.authenticationRequests.deny(asked[1]?.id ?? '', { subject: 'alice' })
    expect(await pings[1]?.json()).toEqual({ auth_req_id: denied.id })
  })

  it('can ask by itself when the ping does not arrive', async () => {
    const answers = [async () => new Response(null, { status: 500 }), () => Promise.reject(new Error('down'))]
    for (const answer of answers) {
      const { test, asked } = cibaServer({}, {}, answer)
      const { id } = await ask(test)
      const page = await openLink(test, asked[0]?.url ?? '')
      expect((await approve(page.browser, page.body)).body).toContain('Request approved')
      expect((await fetchTokens(test, id, {}, { basic: 'pinged:desk-secret' })).status).toBe(200)
      expect(eventsOf(test, 'backchannel_request.notification_failed')).toHaveLength(1)
    }
  })

  it('sends a token that nobody guesses, and one that polls needs none', async () => {
    const { test, asked } = cibaServer()
    for (const token of ['', 'short', 'p'.repeat(1025), `${'p'.repeat(30)} x`, `${'p'.repeat(30)}\r\nx: y`])
      expect((await ask(test, token)).json.error).toBe('invalid_request')
    expect(asked).toEqual([])
    expect((await startBackchannel(test, { client_notification_token: 'short' })).status).toBe(200)
  })
})

describe('what does not work is refused at once', () => {
  const functions = { resolveLoginHint: async () => undefined, notifyUser: async () => {} }

  it.each([{ lifetime: 0 }, { lifetime: 1801 }, { interval: 0 }, { interval: 61 }])('%o', (options) => {
    expect(() => ciba({ ...functions, ...options })).toThrow(TypeError)
  })

  it('a missing function', () => {
    expect(() => ciba({ notifyUser: functions.notifyUser } as never)).toThrow('resolveLoginHint is missing')
    expect(() => ciba({ resolveLoginHint: functions.resolveLoginHint } as never)).toThrow(
      'notifyUser is missing',
    )
  })

  it.each([
    [{ client_secret: undefined, grant_types: [cibaGrant] }, 'needs a client_secret or keys'],
    [{ backchannel_token_delivery_mode: 'push' }, 'must be poll or ping, got "push"'],
    [{ backchannel_token_delivery_mode: 'ping' }, 'belong together'],
    [{ backchannel_client_notification_endpoint: pingUrl }, 'belong together'],
    [
      {
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: 'http://desk.example.com/ping',
      },
      'it must be an https URL',
    ],
    [{ grant_types: [], backchannel_token_delivery_mode: 'poll' }, 'need the grant type'],
  ])('the client %o', (changes, message) => {
    const { client_secret: secret = 's', ...rest } = { client_secret: 's', ...changes }
    const isPublic = 'client_secret' in changes
    const options = { client_id: 'desk', grant_types: [cibaGrant], ...rest }
    expect(() => registered({ ...options, ...(isPublic ? {} : { client_secret: secret }) } as never)).toThrow(
      message,
    )
  })
})
